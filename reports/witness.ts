import type { UnitRecord } from '#core/record.ts'
import { VERDICT_LABELS } from '#core/verdict.ts'
import { counted, dayWord } from './words.ts'

/** Did the honest twin pass? Without it a refusal proves nothing. */
export function controlSentence({ control }: UnitRecord): string {
  if (control === undefined) return "Cette épreuve n'a pas besoin de témoin."
  return `Témoin honnête « ${control.id} » : ${VERDICT_LABELS[control.verdict]}.`
}

/** Did the faulty answer leave the simulator? */
export function deliverySentence({ faults }: UnitRecord): string {
  if (faults.length === 0) return ''
  const missing = faults.filter(({ delivered }) => !delivered).length
  if (missing === 0) return "L'anomalie a été remise au produit (enregistré dans l'échange)."
  return missing === faults.length
    ? "L'anomalie n'a pas été remise au produit."
    : `${counted(missing, "anomalie n'a", "anomalies n'ont")} pas été ${missing > 1 ? 'remises' : 'remise'} au produit, sur ${faults.length}.`
}

/** Did the identity that must never appear show up? */
export function canarySentence({ canary }: UnitRecord): string {
  if (canary === undefined) return ''
  const seen = canary.seen ? 'est apparue dans le produit' : "n'est jamais apparue dans le produit"
  return `La personne « ${canary.persona} » ${seen}.`
}

/** Who answers for a fail, why, and until when. */
export function riskSentence({ acceptedRisk }: UnitRecord): string {
  if (acceptedRisk === undefined) return ''
  return `Risque accepté par ${acceptedRisk.owner} jusqu'au ${dayWord(acceptedRisk.until)} : ${acceptedRisk.justification}`
}
