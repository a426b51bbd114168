import type { RunRecord } from '#core/record.ts'
import type { Verdict } from '#core/verdict.ts'
import { counted } from '../words.ts'

/** What somebody who reads one paragraph must know; it never says more than the record. */
export function conclusion({ status, units, plan, failure }: RunRecord): readonly string[] {
  const count = (...verdicts: readonly Verdict[]) => units.filter(({ verdict }) => verdicts.includes(verdict)).length
  const [fails, open, errors, warnings, accepted] = [
    count('fail'),
    count('inconclusive', 'review'),
    count('error'),
    count('warning'),
    count('accepted-risk'),
  ]
  const judged = `${counted(units.length, 'épreuve jugée', 'épreuves jugées')} sur ${Math.max(plan.selected, units.length)} retenues`
  const partial = status !== 'complete'
  return [
    ...(partial ? [`L'exécution n'est pas allée à son terme (${judged}) : ce dossier est partiel et ne permet pas de conclure sur l'ensemble.`] : []),
    ...(failure ? [`Motif de l'arrêt : ${failure.message} ${failure.fix}`.trim()] : []),
    ...(fails > 0
      ? [`${counted(fails, 'épreuve est non conforme', 'épreuves sont non conformes')} : le produit ne satisfait pas toutes les exigences éprouvées.`]
      : []),
    ...(fails === 0 && units.length > 0 ? ["Aucune non-conformité n'a été établie."] : []),
    ...(errors > 0
      ? [
          `${counted(errors, "épreuve n'a pas pu être menée", "épreuves n'ont pas pu être menées")} par le banc d'essai ; cela ne dit rien du produit.`,
        ]
      : []),
    ...(open > 0
      ? [
          `${counted(open, 'épreuve reste non concluante ou à examiner', 'épreuves restent non concluantes ou à examiner')} : la preuve n'est pas faite.`,
        ]
      : []),
    ...(warnings > 0 ? [`${counted(warnings, "recommandation n'est pas suivie", 'recommandations ne sont pas suivies')}.`] : []),
    ...(accepted > 0
      ? [
          `${counted(accepted, 'non-conformité est couverte', 'non-conformités sont couvertes')} par un risque accepté, avec responsable et date de fin.`,
        ]
      : []),
    ...(!partial && units.length > 0 && fails + open + errors + warnings + accepted === 0
      ? [`Toutes les épreuves qui s'appliquent au produit sont conformes (${judged}).`]
      : []),
    ...(units.length === 0 ? ["Aucune épreuve n'a été jugée."] : []),
  ]
}
