import { nearest } from '#core/errors.ts'
import type { UnitRecord } from '#core/record.ts'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'

/** A deviation that is known of a real product (`fixtures/schema/expected.schema.json`). */
export interface ExpectedUnit {
  readonly verdict: Verdict
  /** French: the requirement, and the documentation or the setting of the product where there is one. */
  readonly why: string
  /** An address, or a directive of the product. */
  readonly source?: string
}

/** What is known of a real product; a unit that is not listed is expected to pass, or not to apply. */
export interface Expected {
  readonly $schema?: string
  readonly product: string
  readonly version: string
  /** AAAA-MM-JJ. */
  readonly recordedOn: string
  /** How many units of the whole plan had each verdict that day. */
  readonly verdicts?: Readonly<Partial<Record<Verdict, number>>>
  readonly units: Readonly<Record<string, ExpectedUnit>>
}

/** What a run on a real product has shown. */
export interface FieldRun {
  /** Every unit of the plan. */
  readonly known: readonly string[]
  /** The units that were asked for. */
  readonly selected: readonly string[]
  readonly units: readonly Pick<UnitRecord, 'id' | 'verdict' | 'reason'>[]
}

/**
 * Differences between what is known of a product and what a run has shown, in either direction, one French sentence each.
 * A correction of the product is a difference too: the table must stay true.
 *
 * @example for (const sentence of compare(expected, run)) console.log(sentence)
 */
export function compare(expected: Expected, { known, selected, units }: FieldRun): readonly string[] {
  const seen = new Map(units.map((unit) => [unit.id, unit]))
  const strangers = Object.keys(expected.units).filter((id) => !known.includes(id))
  return [
    ...strangers.map((id) => {
      const near = nearest(id, known)
      return `${id} : attendu, mais aucune épreuve ne porte ce nom.${near.length > 0 ? ` Vouliez-vous dire ${near.join(', ')} ?` : ''}`
    }),
    ...selected.flatMap((id) => {
      const unit = seen.get(id)
      const wanted = expected.units[id]?.verdict
      if (!unit) return [`${id} : l'épreuve n'a pas été jouée.`]
      if (wanted === undefined && unit.verdict === 'inapplicable') return []
      if (unit.verdict === (wanted ?? 'pass')) return []
      const told = `${id} : attendu « ${VERDICT_LABELS[wanted ?? 'pass']} », obtenu « ${VERDICT_LABELS[unit.verdict]} ».`
      if (unit.verdict === 'pass') return [`${told} L'écart a disparu : retirez-le des résultats attendus.`]
      return [`${told} ${unit.reason}`]
    }),
  ]
}

/**
 * The table as a run would have it: verdicts from the run, explanations from the table. What was not played stays as it was;
 * what passes leaves. An error of the harness is not a result and is never written. `unexplained` lists the units that still want their why.
 */
export function renew(
  expected: Expected,
  { known, selected, units }: FieldRun,
  { version, recordedOn }: Pick<Expected, 'version' | 'recordedOn'>,
): { readonly expected: Expected; readonly unexplained: readonly string[] } {
  const kept = new Map(Object.entries(expected.units).filter(([id]) => known.includes(id)))
  for (const { id, verdict } of units) {
    if (verdict === 'error') continue
    if (verdict === 'pass' || verdict === 'inapplicable') kept.delete(id)
    else kept.set(id, { why: '', ...kept.get(id), verdict })
  }
  const whole = known.every((id) => selected.includes(id)) && units.every(({ verdict }) => verdict !== 'error')
  const verdicts = whole ? counted(units) : expected.verdicts
  const rows = [...kept].sort(([a], [b]) => known.indexOf(a) - known.indexOf(b)).map(([id, unit]) => [id, ordered(unit)] as const)
  return {
    expected: { ...withoutUnits(expected), version, recordedOn, ...(verdicts ? { verdicts } : {}), units: Object.fromEntries(rows) },
    unexplained: rows.filter(([, { why }]) => why === '').map(([id]) => id),
  }
}

/** The rows stand last in the file. */
function withoutUnits({ units: _, ...table }: Expected): Omit<Expected, 'units'> {
  return table
}

function counted(units: FieldRun['units']): Expected['verdicts'] {
  const present = VERDICTS.map((verdict) => [verdict, units.filter((unit) => unit.verdict === verdict).length] as const)
  return Object.fromEntries(present.filter(([, count]) => count > 0))
}

function ordered({ verdict, why, source }: ExpectedUnit): ExpectedUnit {
  return { verdict, why, ...(source ? { source } : {}) }
}
