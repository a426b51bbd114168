import type { Fault, OpSite } from '#core/fault.ts'
import type { Draft, Journal } from '#core/journal.ts'
import type { Exclusive, Means, PhoneOrder } from '#core/module.ts'
import type { Target } from '#core/target.ts'
import type { VariantId } from '#core/variant.ts'
import type { Verdict } from '#core/verdict.ts'
import type { LogoutOrder } from '#simulators/openid-provider/index.ts'
import type { FoundBrowser } from './browser.ts'
import type { EngineName } from './engine.ts'

/** What every worker knows of the run: plain data, made once. */
export interface RunFacts {
  /** Folder of this run. */
  readonly folder: string
  readonly target: Target
  readonly targetFile: string
  readonly baseUrl: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri?: string
  readonly frontchannelLogoutUri?: string
  readonly issuer: string
  readonly walletOrigin: string
  readonly authOrigin: string
  readonly cookieDomain: string
  /** The second provider, when the target has the capability `two-providers`. */
  readonly second?: {
    readonly issuer: string
    readonly walletOrigin: string
    readonly authOrigin: string
    readonly redirectUri: string
  }
  readonly clientId: string
  readonly scope: string
  readonly acrValues: string
  /** Names that the browser maps to an address. */
  readonly hosts: Readonly<Record<string, string>>
  /** What plays the scenes. */
  readonly engine: EngineName
  /** With the browser engine; the HTTP engine looks for one when a unit needs it. */
  readonly browser?: FoundBrowser
  readonly means: Readonly<Record<Means, string>>
  /** Milliseconds. */
  readonly timeout: number
  /** For a driver that starts the client itself: what it is told. */
  readonly clientEnvironment?: Readonly<Record<string, string>>
  /** The same for the product configured otherwise. */
  readonly variants?: Readonly<Partial<Record<VariantId, RunFacts>>>
}

/** What concerns the product in the configuration that a unit is played on. */
export function factsOf(facts: RunFacts, variant: VariantId | undefined): RunFacts {
  return (variant && facts.variants?.[variant]) ?? facts
}

/** A flow as a worker asks for it. */
export interface FlowRequest {
  readonly id: string
  /** Unit that it proves; names the journal's file. */
  readonly unit: string
  readonly faults: readonly Fault<OpSite>[]
  /** Faults of the second provider, and who its page proposes first. */
  readonly hostile?: readonly Fault<OpSite>[]
  readonly other?: string
  readonly persona: string
  readonly means: Means
  /** What the professional does on the phone (CIBA). */
  readonly phone?: PhoneOrder
  /** The client that it goes through. */
  readonly clientId?: string
  /** Nothing else runs meanwhile (`exclusive: 'simulator'`). */
  readonly alone?: boolean
}

/** A right to run, to be given back. */
export interface Turn {
  release(): Promise<void>
}

/**
 * The simulators as a worker sees them: in this process for our own tools, over loopback HTTP for Playwright's workers.
 */
export interface Cast {
  readonly facts: RunFacts
  openFlow(flow: FlowRequest): Promise<void>
  append(flow: string, drafts: readonly Draft[]): Promise<void>
  read(flow: string): Promise<Journal>
  closeFlow(flow: string): Promise<void>
  /** The next login of the flow's scene begins: faults may hold for some of them only. */
  setLogin(flow: string, login: number): Promise<void>
  /** The access tokens of this flow are worth nothing from now on. */
  expireAccessTokens(flow: string): Promise<void>
  /** Bends the TLS of the provider's back channel as this flow says; null makes it honest again. */
  bendTransport(flow: string | null): Promise<void>
  setCommonFaults(faults: readonly Fault<OpSite>[]): Promise<void>
  /** Sets the clocks: seconds by which the provider's is ahead, and the instant (milliseconds) at which the product's stands still. */
  setClocks(clocks: { readonly provider?: number; readonly product?: number }): Promise<void>
  /** The professional answers now, on the phone, what waits in this flow (CIBA). */
  answerPhone(flow: string, decision: 'approve' | 'deny'): Promise<void>
  /** The provider reports the end of the flow's session to the product's server. */
  reportLogout(flow: string, order: LogoutOrder): Promise<void>
  /**
   * Who runs a control: the first who asks is told `yours` and must settle it; the others wait and get the verdict.
   */
  claimControl(id: string): Promise<'yours' | Verdict>
  settleControl(id: string, verdict: Verdict): Promise<void>
  /** Waits until the product answers in this configuration; started at the first demand. */
  ready(variant: VariantId): Promise<{ readonly trouble?: string }>
  /** Waits for the right to run beside the others, or alone, as the unit declares. */
  takeTurn(persona: string, exclusive: Exclusive | undefined): Promise<Turn>
}

/** Name of a unit's journal file. */
export function journalFile(unit: string): string {
  return `journaux/${unit.replaceAll('/', '.').replaceAll('#', '~')}.jsonl`
}
