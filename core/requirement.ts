/** `doit` obliges (its breach is a fail), `recommandé` advises (warning), `peut` informs (note). */
export type Level = 'doit' | 'recommandé' | 'peut'

/**
 * How sure we are of the rule: read in the official text, stated by a public source, stated by a third party that
 * transcribes an official text, inferred from facts, or decided by this project.
 */
export type Confidence = 'official' | 'stated' | 'third-party' | 'inferred' | 'house'

/** One rule of a register. */
export interface Requirement {
  /** `<register>@<edition>/<clause>`, e.g. `oidc-core@1.0/3.1.3.7-3`. */
  readonly id: RequirementId
  /** The rule in French, in our own words. */
  readonly text: string
  readonly level: Level
  /** The number that the official text gives, where one is known; never invented. */
  readonly officialNumber?: string
  readonly source: { readonly document: string; readonly section?: string; readonly url?: string }
  readonly confidence: Confidence
  /** Says why no unit answers it; without it a blank in the coverage is a CI failure. */
  readonly notTested?: string
}

/** A register: one edition of one text. A new edition is a new file. */
export interface Register {
  readonly id: string
  readonly title: string
  readonly edition: string
  readonly status: 'in-force' | 'draft' | 'profile'
  readonly url?: string
  readonly note?: string
  readonly requirements: readonly Requirement[]
}

/** Filled by `fixtures/generated/ids.ts` (declaration merging), so that an unknown id does not compile. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface KnownRequirements {}
/** Filled by `fixtures/generated/ids.ts`. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface KnownPersonas {}
/** Filled by `fixtures/generated/ids.ts` with the ids of the catalogue of checks. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface KnownAnchors {}
/** Filled by `fixtures/generated/ids.ts` with the misconfigurations that the doctor knows. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface KnownAdvice {}

export type RequirementId = Extract<keyof KnownRequirements, string>
export type PersonaId = Extract<keyof KnownPersonas, string>
export type AnchorId = Extract<keyof KnownAnchors, string>
export type AdviceId = Extract<keyof KnownAdvice, string>
