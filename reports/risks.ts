import type { UnitRecord } from '#core/record.ts'
import type { Target } from '#core/target.ts'
import { dayInParis, dayWord } from './words.ts'

/**
 * A `fail` that somebody answers for becomes `accepted-risk`, until the last day of the acceptance (that day included, in Paris).
 * Past it, the fail stays and its reason says so. The unit's own date decides, so an old run judged again gives the same verdict.
 */
export function applyAcceptedRisks(units: readonly UnitRecord[], risks: Target['acceptedRisks'] = {}): readonly UnitRecord[] {
  return units.map((unit) => {
    const risk = unit.acceptedRisk ?? risks[unit.id]
    if (risk === undefined || unit.verdict !== 'fail') return unit
    if (dayInParis(unit.startedAt) <= risk.until) return { ...unit, acceptedRisk: risk, verdict: 'accepted-risk' }
    const expired = `L'acceptation du risque par ${risk.owner} a pris fin le ${dayWord(risk.until)}.`
    return { ...unit, acceptedRisk: risk, reason: unit.reason.includes(expired) ? unit.reason : `${unit.reason} ${expired}`.trim() }
  })
}
