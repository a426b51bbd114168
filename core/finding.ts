import type { Level, RequirementId } from './requirement.ts'
import type { Verdict } from './verdict.ts'

/**
 * What a check says of a journal: what was expected, what was observed, where it is recorded. A value, never an exception.
 * `verdict` is what this finding alone would make of the unit.
 */
export interface Finding {
  readonly verdict: Verdict
  /** Which requirement is touched, when it is one in particular. */
  readonly requirement?: RequirementId
  /** French sentences. */
  readonly expected: string
  readonly observed: string
  /** Sequence numbers of the journal entries that show it. */
  readonly entries?: readonly number[]
}

/** The severity of a breach follows the requirement's level, not the author's taste. */
export function breachOf(level: Level): Verdict {
  return level === 'doit' ? 'fail' : level === 'recommandé' ? 'warning' : 'pass'
}
