import type { Change } from './fault.ts'
import type { Finding } from './finding.ts'
import type { UnitKind } from './plan.ts'
import type { RequirementId } from './requirement.ts'
import type { Verdict } from './verdict.ts'

/**
 * The border between running and reporting (`fixtures/schema/run.schema.json`). Reports read nothing else, beside the files
 * that it names. Later versions only add members.
 */
export interface RunRecord {
  readonly $schema?: string
  readonly schemaVersion: 1
  readonly id: string
  readonly harness: { readonly name: 'hospicert'; readonly version: string; readonly node: string }
  readonly plan: { readonly id: string; readonly title: string; readonly selected: number; readonly total: number }
  /** `interrupted` and `running` records are partial: what was judged stands, the rest is not there. */
  readonly status: 'running' | 'complete' | 'interrupted' | 'failed'
  /** ISO 8601. */
  readonly startedAt: string
  readonly endedAt?: string
  readonly target: {
    readonly id: string
    readonly role: string
    readonly product: { readonly name: string; readonly version: string; readonly vendor?: string }
    readonly environment: string
    readonly authorisedBy: { readonly name: string; readonly role: string; readonly date: string }
    readonly baseUrl: string
    readonly file: string
    readonly sha256: string
    readonly capabilities: readonly string[]
    readonly notSupported: Readonly<Record<string, string>>
  }
  /** Digests of the tables that the verdicts rest on: path → SHA-256. */
  readonly tables: Readonly<Record<string, string>>
  readonly environment: {
    readonly os: string
    readonly browser: string
    readonly browserVersion: string
    readonly workers: number
    readonly engine?: 'browser' | 'http'
  }
  readonly simulator: { readonly issuer: string; readonly authorizationEndpoint: string; readonly profile: string }
  readonly calibration?: Calibration
  /** What the checks compared with, so that the journals can be judged again. */
  readonly judging?: Judging
  readonly units: readonly UnitRecord[]
  /** Why the run could not be finished (French), when `status` is `failed`. */
  readonly failure?: { readonly code: string; readonly message: string; readonly fix: string; readonly place: string }
  readonly verdict: Verdict
  readonly exitCode: 0 | 1 | 2 | 3
}

export interface Judging {
  readonly redirectUri: string
  readonly postLogoutRedirectUri?: string
  readonly walletOrigin: string
  /** The second provider, with the capability `two-providers`. */
  readonly second?: { readonly redirectUri: string; readonly walletOrigin: string }
  /** Does the target file say where a refusal is shown? */
  readonly refusalDeclared: boolean
  /** The same for the product configured otherwise, by variant. */
  readonly variants?: Readonly<Record<string, Pick<Judging, 'redirectUri' | 'postLogoutRedirectUri'>>>
}

export interface Calibration {
  readonly honest: { readonly persona: string; readonly seen: string | null; readonly screenshot?: string }
  readonly nobody: { readonly seen: string | null; readonly screenshot?: string }
  /** Milliseconds. */
  readonly duration: number
}

/** Verdict, findings and evidence of one unit. */
export interface UnitRecord {
  readonly id: string
  readonly kind: UnitKind
  readonly title: string
  readonly requirements: readonly RequirementId[]
  readonly anchors: readonly string[]
  readonly catches: readonly string[]
  readonly exclusive: string | null
  readonly verdict: Verdict
  /** One French sentence that gives the reason for the verdict. */
  readonly reason: string
  readonly findings: readonly Finding[]
  /** French: what was required, in this unit's own terms. */
  readonly expected: string
  /** French: how to mend it. */
  readonly mend: string
  /** What the simulator did: honest and faulty value of each change. */
  readonly faults: readonly {
    readonly id: string
    readonly title: string
    readonly site: string
    readonly delivered: boolean
    readonly changes: readonly Change[]
  }[]
  readonly control?: { readonly id: string; readonly verdict: Verdict }
  readonly canary?: { readonly persona: string; readonly seen: boolean }
  readonly startedAt: string
  /** Milliseconds. */
  readonly duration: number
  readonly worker: number
  readonly evidence: {
    /** Paths relative to the run folder. */
    readonly journal?: string
    readonly entries: number
    readonly screenshots: readonly { readonly path: string; readonly moment: string; readonly title: string }[]
  }
  readonly acceptedRisk?: { readonly owner: string; readonly justification: string; readonly until: string }
}
