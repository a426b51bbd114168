/** Verdicts, worst first. The order *is* the aggregation rule: the worst verdict of a set stands for the set. */
export const VERDICTS = ['error', 'fail', 'inconclusive', 'review', 'warning', 'accepted-risk', 'pass', 'inapplicable'] as const

/**
 * - `error`: the harness failed; never counts against the target.
 * - `fail`: the target did what a mandatory requirement forbids, or did not do what it demands.
 * - `inconclusive`: the proof is incomplete (control failed, fault not delivered, page unreadable).
 * - `review`: a person still has to look and sign.
 * - `warning`: a recommendation is not followed.
 * - `accepted-risk`: a fail that carries an owner, a justification and an end date that has not passed.
 * - `pass`, and `inapplicable` with the reason that the target declared.
 */
export type Verdict = (typeof VERDICTS)[number]

/** The verdict of a set: its worst member; an empty set proves nothing. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  const present = new Set(verdicts)
  return VERDICTS.find((verdict) => present.has(verdict)) ?? 'inconclusive'
}

/** What the person reads. */
export const VERDICT_LABELS: Readonly<Record<Verdict, string>> = {
  error: 'erreur du banc',
  fail: 'non conforme',
  inconclusive: 'non concluant',
  review: 'à examiner',
  warning: 'avertissement',
  'accepted-risk': 'risque accepté',
  pass: 'conforme',
  inapplicable: 'sans objet',
}

/** Exit code of a run: 0 no fail, 1 at least one fail, 2 inconclusive or review left, 3 harness or configuration error. */
export function exitCode(verdicts: Iterable<Verdict>): 0 | 1 | 2 | 3 {
  const present = new Set(verdicts)
  if (present.has('error')) return 3
  if (present.has('fail')) return 1
  if (present.size === 0 || present.has('inconclusive') || present.has('review')) return 2
  return 0
}
