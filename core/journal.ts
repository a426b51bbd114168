import type { Change } from './fault.ts'
import type { PersonaId } from './requirement.ts'

/**
 * Who spoke to whom. `browser`: the professional's browser with the simulator or the target. `back-channel`: the target's
 * server with the simulator. `bench`: what the harness itself did and saw.
 */
export type Channel = 'browser' | 'back-channel' | 'bench'

interface Common {
  /** Order within the journal, from 1. */
  readonly seq: number
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string
  /** The flow it belongs to; empty for what no flow could claim (discovery, keys, health checks). */
  readonly flow: string
  readonly channel: Channel
  /** Which simulator saw it, when it is not the provider under whose name the product is judged: `hostile`, the second provider. */
  readonly actor?: Actor
}

export type Actor = 'hostile'

/** One HTTP exchange with a simulator, masked. `site` is the endpoint's name (`authorization`, `token`, `userinfo`, `jwks`, `end_session`, …). */
export interface Exchange extends Common {
  readonly kind: 'exchange'
  readonly site: string
  readonly method: string
  readonly url: string
  /** Query and form parameters of the request, masked. */
  readonly params: Readonly<Record<string, string>>
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  /** JSON document or text, masked; tokens are shown decoded, without signature. */
  readonly response?: unknown
  /** Milliseconds. */
  readonly duration: number
  /** Client authentication that the request really used, at the endpoints that ask for one. */
  readonly clientAuth?: string
  /** OAuth error of the answer. */
  readonly error?: string
}

/** A fault was applied to this flow: the honest and the faulty value. */
export interface FaultApplied extends Common {
  readonly kind: 'fault-applied'
  readonly fault: string
  readonly title: string
  readonly site: string
  readonly changes: readonly Change[]
}

/** The faulty answer left the simulator entirely (back channel), or the browser carried it to the target (front channel). */
export interface FaultDelivered extends Common {
  readonly kind: 'fault-delivered'
  readonly fault: string
  readonly to: 'target' | 'browser'
}

/** A document request or a redirect hop of the browser outside the simulator, masked. */
export interface Navigation extends Common {
  readonly kind: 'navigation'
  readonly method: string
  readonly url: string
  readonly status: number | null
  readonly referer?: string
  /** Which window of the browser, when there are several (`a`, `b`). */
  readonly window?: string
}

/** The moments at which the bench looks at the target's page. */
export type Moment = 'before-login' | 'waiting' | 'after-login' | 'protected-page' | 'after-sign-out' | 'after-cancel' | 'after-retry' | 'look'

/** What the professional would see. */
export interface Observation extends Common {
  readonly kind: 'observation'
  readonly moment: Moment
  /** Who the page says is signed in; null for nobody; `unreadable` when the page does not tell. */
  readonly signedIn: PersonaId | 'someone-else' | 'unreadable' | null
  readonly url: string
  readonly httpStatus: number | null
  /** Visible text, cut, masked. */
  readonly text: string
  /** Personas whose needle stands anywhere in the visible text. */
  readonly needles: readonly PersonaId[]
  /** Refusal message, when the target file says where it stands. */
  readonly refusal?: string
  /** Marks of the harness's own hostile text that became elements or ran as code in the page. */
  readonly injected?: boolean
  /** Exercises that the target offered on the way. */
  readonly exercises?: readonly string[]
  /** Path of the picture, relative to the run folder. */
  readonly screenshot?: string
  readonly window?: string
  /** Headers of the page that protect it (framing, cache, referrer). */
  readonly headers?: Readonly<Record<string, string>>
  /** Cookies that the browser holds for the product. */
  readonly cookies?: readonly SeenCookie[]
}

/** A cookie without its value: the digest is the same for the same value within a run. */
export interface SeenCookie {
  readonly name: string
  readonly digest: string
  readonly secure: boolean
  readonly httpOnly: boolean
  /** As the browser applies it: without the attribute, `Lax`. */
  readonly sameSite: string
  /** Sent to other hosts of this domain too; null for the product's own host alone. */
  readonly domain: string | null
  /** Removing it signs the professional out. */
  readonly carriesSession?: boolean
}

/** Where secrets were looked for, and which were found; never the secrets. */
export interface Scan extends Common {
  readonly kind: 'scan'
  /** French: places that were read. */
  readonly places: readonly string[]
  readonly found: readonly { readonly place: string; readonly secret: string }[]
}

/** Something that the harness did: a verb and the words for it in French. */
export interface Action extends Common {
  readonly kind: 'action'
  readonly verb: string
  readonly title: string
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
}

/** The provider says that something happened: `session-opened`, `session-ended`, `code-issued`, `tokens-issued`, `refused`. */
export interface ProviderEvent extends Common {
  readonly kind: 'provider-event'
  readonly event: string
  readonly detail?: Readonly<Record<string, string>>
}

/** The harness could not go on: a locator, a time-out, a page that closed. */
export interface Trouble extends Common {
  readonly kind: 'trouble'
  readonly code: string
  readonly sentence: string
}

export type Entry = Exchange | FaultApplied | FaultDelivered | Navigation | Observation | Action | ProviderEvent | Trouble | Scan
export type EntryKind = Entry['kind']

type Unplaced<E> = E extends Entry ? Omit<E, 'seq' | 'at' | 'flow'> : never
/**
 * An entry before the journal gives it its place; `at` when it was seen earlier than it is recorded. What a worker hands over is raw:
 * cookies stand with their value in the place of the digest, a scan with the `texts` that it read, by place. Recording masks them.
 */
export type Draft = Unplaced<Entry> & { readonly at?: string; readonly texts?: Readonly<Record<string, string>> }

/** Append-only, in order of recording. A check reads it and nothing else. */
export type Journal = readonly Entry[]

/** Entries of one kind. */
export function of<K extends EntryKind>(journal: Journal, kind: K): Extract<Entry, { kind: K }>[] {
  return journal.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind)
}

/** Exchanges at one endpoint of the provider; of the second one with `hostile`, of both with `any`. */
export function exchangesAt(journal: Journal, site: string, actor?: Actor | 'any'): Exchange[] {
  return of(journal, 'exchange').filter((exchange) => exchange.site === site && (actor === 'any' || exchange.actor === actor))
}

/** Observations at one moment, in order. */
export function observationsAt(journal: Journal, moment: Moment): Observation[] {
  return of(journal, 'observation').filter((observation) => observation.moment === moment)
}
