import type { Faults } from './fault.ts'
import type { Finding } from './finding.ts'
import type { Journal } from './journal.ts'
import type { AnchorId, PersonaId, RequirementId } from './requirement.ts'
import type { ForgedHeaders, Step } from './scenario.ts'
import type { Capability, TargetRole } from './target.ts'
import type { VariantId, VariantKind } from './variant.ts'

export type Means = 'card' | 'e-cps'

/** What the professional does. A closed vocabulary: a missing verb is added here, once. */
export type When =
  /** Signs in. `window: 'carried-over'`: the answer is carried to another browser that has a login under way. */
  | { readonly do: 'login'; readonly persona: PersonaId; readonly means: Means; readonly carriedOver?: boolean }
  /** Gives up on the provider's page, then signs in normally. */
  | { readonly do: 'cancel'; readonly persona: PersonaId; readonly means: Means }
  /** Starts two logins in two tabs of one browser and finishes both, the first one last. */
  | { readonly do: 'two-tabs'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in, then signs out. */
  | { readonly do: 'logout'; readonly persona: PersonaId; readonly means: Means }
  /** Tries while the provider is out of order, then again when it is back. */
  | { readonly do: 'outage'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in; the access token dies; the professional has the identity read anew. */
  | { readonly do: 'renew'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in; the access token dies; the professional goes on working in the product's pages. */
  | { readonly do: 'work'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in; from the return on, the provider's back channel presents the TLS that the faults of site `tls` say. */
  | { readonly do: 'unsafe-channel'; readonly persona: PersonaId; readonly means: Means }
  /** A course of gestures, one after the other; `headers` are forged ones that the browser adds to every request. */
  | { readonly do: 'scenario'; readonly persona: PersonaId; readonly means: Means; readonly steps: readonly Step[]; readonly headers?: ForgedHeaders }
  /**
   * Signs in several times, each in a browser of its own, or in the same one as long as it is refused there. Faults hold for some of the logins
   * (`during`). `midway`: during that login, what holds for the next number begins once the professional stands before the provider's page.
   */
  | {
      readonly do: 'logins'
      readonly persona: PersonaId
      readonly means: Means
      readonly times: number
      readonly sameBrowser?: boolean
      readonly midway?: number
    }
  /** Starts the login; what matters is the request. */
  | { readonly do: 'request'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in by a client of the workstation, with a look at what it listens on; a second workstation starts a login meanwhile (RFC 8252). */
  | { readonly do: 'workstation'; readonly persona: PersonaId; readonly means: Means }
  /** Signs in by phone, without leaving the product (CIBA); see `PhoneScene`. */
  | { readonly do: 'phone'; readonly persona: PersonaId; readonly means: Means; readonly scene: PhoneScene; readonly phone: PhoneOrder }
  /** Two providers beside each other; see `ProvidersScene`. */
  | { readonly do: 'providers'; readonly persona: PersonaId; readonly means: Means; readonly scene: ProvidersScene; readonly other?: PersonaId }

/** What the professional does on the phone (OpenID CIBA Core 1.0). */
export interface PhoneOrder {
  /** `never` leaves the request waiting, unless the scene answers it. */
  readonly answer: 'approve' | 'deny' | 'never'
  /** Polls that find nothing yet; none unless told. */
  readonly afterPolls?: number
  /** Seconds between two polls, as the provider declares them. */
  readonly interval?: number
  /** Seconds that the request lives. */
  readonly expiresIn?: number
}

/**
 * Scenes of a sign-in by phone, without redirection. `abandoned`: the professional leaves the waiting screen, then approves.
 * `crossed`: another workstation opens the waiting screen of the first. `parallel`: two workstations ask for the same professional.
 * `thrice`: three requests, one after the other, each given up. `renewed`: once signed in, the access token dies and the identity is read anew.
 */
export type PhoneScene = 'sign-in' | 'abandoned' | 'crossed' | 'parallel' | 'thrice' | 'renewed'

/**
 * Scenes with two providers. `second`: signs in at the second one. `mix-up`: starts at the second one, is answered by the first.
 * `overwrite`: starts at the first, then at the second in another tab, and finishes the first; `overwrite-reversed` the other way round.
 * `both`: `persona` signs in at the first, `other` at the second in another browser.
 */
export type ProvidersScene = 'second' | 'mix-up' | 'overwrite' | 'overwrite-reversed' | 'both'

/**
 * What must not happen when a login is refused. `no-identity`: nobody is shown under the identity that was handed over; a session
 * that knows less is a warning.
 */
export type Leaving = 'no-session' | 'no-identity' | 'no-userinfo-call' | 'no-token-call'

/** Named facts that a journal can be asked for. Each is one pure check in the suite. */
export type Fact =
  | 'signed-out'
  | 'provider-session-ended'
  | 'logout-completes'
  | 'logout-request-complete'
  | 'cancel-explained'
  | 'retry-possible'
  | 'one-identity'
  | 'recovers'
  | 'exercise-offered'
  | 'full-name-shown'
  | 'text-escaped'
  | 'session-closed'
  | 'session-kept'
  | 'others-kept'
  | 'logout-token-accepted'
  | 'logout-token-refused'
  | 'logout-answer-not-cached'
  | 'phone-request-complete'
  | 'binding-shown'
  | 'binding-varies'
  | 'interval-respected'
  | 'polling-stops'
  | 'second-request-held'
  | 'screen-stays-closed'
  | 'not-crossed'
  | 'nothing-leaked'
  | 'own-identity'
  | 'two-accounts'
  | 'answers-in-time'
  | 'clean-outcome'
  | 'size-capped'
  | 'redirect-not-followed'
  | 'secret-not-shown'
  | 'code-presented-once'
  | 'system-browser'
  | 'loopback-only'
  | 'loopback-literal'
  | 'listener-closed'
  | 'port-not-fixed'
  | 'client-pkce'
  | 'name-inert'
  | 'no-outbound-request'
  | 'each-login-accepted'
  | 'last-login-refused'
  | 'recovers-by-itself'
  | 'keys-asked-sparingly'
  | 'clock-tolerance'
  | 's256-or-nothing'
  | 'configured-addresses'
  | 'current-identity-shown'
  | 'refreshed'
  | 'no-dead-token'
  | 'logout-frame-answered'
  | 'fixation-harmless'
  | 'cookie-secure'
  | 'cookie-http-only'
  | 'cookie-same-site'
  | 'cookie-host-only'
  | 'code-redeemed-once'
  | 'page-readable'
  | 'not-stored'
  | 'not-frameable'
  | 'no-loop'
  | 'stays-home'
  | 'lands-as-asked'
  | 'foreign-issuer-ignored'
  | 'no-secret-exposed'
  | 'never-crossed'
  | 'last-identity'
  | 'means-asked-again'
  | 'nobody-let-in'
  | 'state-serves-once'

/** What is expected. Closed: accepted, refused, observed, attested. */
export type Then =
  | { readonly expect: 'accepted'; readonly also?: readonly Fact[] }
  | { readonly expect: 'refused'; readonly leaving: readonly Leaving[]; readonly also?: readonly Fact[] }
  | { readonly expect: 'observed'; readonly facts: readonly Fact[] }
  | { readonly expect: 'attested'; readonly question: string }

/** What a unit asks of the schedule. `simulator`: runs alone. `persona`: no other unit uses its persona meanwhile. */
export type Exclusive = 'simulator' | 'persona'

interface Described {
  readonly id: string
  /** French, what must hold, in one line. */
  readonly title: string
  readonly requirements: readonly RequirementId[]
  /** Ids of the catalogue of checks, so that results can be compared with other suites. */
  readonly anchors: readonly AnchorId[]
  /** Defects of the reference targets that it must kill. */
  readonly catches: readonly string[]
  readonly appliesTo: { readonly role: TargetRole; readonly needs: readonly Capability[] }
  /** French: how a developer mends it. */
  readonly mend: string
}

/** A module: says what, never how. */
export interface Module extends Described {
  readonly control?: string
  readonly faults?: Faults
  readonly when: When
  readonly then: Then
  readonly exclusive?: Exclusive
  /** French: why only a real browser can play it, when verb and facts do not say so already (`core/rendering.ts`). */
  readonly rendering?: string
  /** It is played again for each variant of these kinds that the target declares. */
  readonly variants?: readonly VariantKind[]
  /** The variant that this unit is of; set by the plan. */
  readonly variant?: VariantId
}

/** A rule: passive, judged on all journals of the run. `relevant` entries absent from every journal make it inconclusive. */
export interface Rule extends Described {
  /** French: why it does not apply when no journal of the run says anything about it; without it such a rule is inconclusive. */
  readonly absence?: string
  /** Scenes whose journals show it, for the kill matrix; two honest logins unless told. */
  readonly scenes?: readonly string[]
  /** Breaches in one journal, or null when the journal says nothing about the rule. */
  judge(journal: Journal, context: RuleContext): readonly Breach[] | null
  /** Breaches across journals (uniqueness); runs once. */
  judgeTogether?(journals: readonly Journal[], context: RuleContext): readonly Breach[]
}

/** A finding without its verdict: that follows the level of the requirement. */
export type Breach = Omit<Finding, 'verdict'>

/** What a rule may compare with. */
export interface RuleContext {
  readonly walletOrigin: string
  readonly clientId: string
  readonly redirectUri: string
  /** Address of return from the second provider, when the product has one. */
  readonly secondRedirectUri?: string
  readonly scope: string
  readonly acrValues: string
  readonly clientAuth: string
}

/** The one default export of a `.module.ts`. */
export function defineModule(module: Module): Module {
  return module
}

/** The one default export of a `.rule.ts`. */
export function defineRule(rule: Rule): Rule {
  return rule
}

/** A line of a `cases.json`: its own id is `<module>#<row>`; it overrides members of the module it belongs to. */
export interface Row {
  readonly row: string
  readonly title: string
  readonly requirements?: readonly RequirementId[]
  readonly anchors?: readonly AnchorId[]
  readonly catches?: readonly string[]
  readonly needs?: readonly Capability[]
  readonly mend?: string
  readonly persona?: PersonaId
  readonly means?: Means
  readonly faults?: Faults
  readonly also?: readonly Fact[]
  readonly exclusive?: Exclusive
  /** Gestures and forged headers of a scenario. */
  readonly steps?: readonly Step[]
  readonly headers?: ForgedHeaders
}

/** Sign in as the canary unless told otherwise: its needle was seen in the control, so its absence means something. */
export function login(options: { persona?: PersonaId; means?: Means; carriedOver?: boolean } = {}): When {
  const { persona = 'canari' as PersonaId, means = 'card', carriedOver } = options
  return { do: 'login', persona, means, ...(carriedOver ? { carriedOver } : {}) }
}

/** Signs in `times` times. */
export function logins(times: number, options: { sameBrowser?: boolean; midway?: number } = {}): When {
  return { do: 'logins', persona: 'canari' as PersonaId, means: 'card', times, ...options }
}

/** By phone, as a professional whom no other scene needs meanwhile. Approved before the first poll, with an interval of one second, unless told. */
export function phone(scene: PhoneScene, order: Partial<PhoneOrder> = {}): When {
  return { do: 'phone', persona: 'accents' as PersonaId, means: 'e-cps', scene, phone: { answer: 'approve', interval: 1, expiresIn: 20, ...order } }
}

/** Two providers; `other` is who signs in at the second one when two people do. */
export function providers(scene: ProvidersScene, options: { persona?: PersonaId; other?: PersonaId } = {}): When {
  const { persona = 'canari' as PersonaId, other } = options
  return { do: 'providers', persona, means: 'card', scene, ...(other ? { other } : {}) }
}

/** The same for the other verbs. */
export function act(
  verb: Exclude<When['do'], 'login' | 'logins' | 'phone' | 'providers' | 'scenario'>,
  options: { persona?: PersonaId; means?: Means } = {},
): When {
  const { persona = 'canari' as PersonaId, means = 'card' } = options
  return { do: verb, persona, means }
}

/** A course of gestures. */
export function scenario(steps: readonly Step[], options: { persona?: PersonaId; means?: Means; headers?: ForgedHeaders } = {}): When {
  const { persona = 'canari' as PersonaId, means = 'card', headers } = options
  return { do: 'scenario', persona, means, steps, ...(headers ? { headers } : {}) }
}

export function accepted(options: { also?: readonly Fact[] } = {}): Then {
  return { expect: 'accepted', ...options }
}

export function refused(options: { leaving: readonly Leaving[]; also?: readonly Fact[] }): Then {
  return { expect: 'refused', ...options }
}

export function observed(...facts: readonly Fact[]): Then {
  return { expect: 'observed', facts }
}
