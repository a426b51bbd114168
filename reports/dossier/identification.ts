import type { RunRecord } from '#core/record.ts'
import { browserWord, counted, dayWord, durationWord, environmentWord, lanesWord, momentInParis, STATUS_WORDS, signedInWord } from '../words.ts'

export type Fact = readonly [label: string, value: string]

/** Who tested what, with what, when, and with whose leave. */
export function identification(record: RunRecord): readonly Fact[] {
  const { target, harness, simulator, environment, plan } = record
  const { name, version, vendor } = target.product
  const { authorisedBy } = target
  return [
    ['Produit', `${name}, version ${version}`],
    ...(vendor ? [['Éditeur', vendor] as const] : []),
    ['Adresse éprouvée', target.baseUrl],
    ['Environnement', environmentWord(target.environment)],
    ['Essais autorisés par', `${authorisedBy.name}, ${authorisedBy.role}, le ${dayWord(authorisedBy.date)}`],
    ['Plan', `${plan.title} : ${counted(plan.selected, 'épreuve retenue', 'épreuves retenues')} sur ${plan.total}`],
    ['Exécution', `${record.id}, ${STATUS_WORDS[record.status]}`],
    ['Début', `${momentInParis(record.startedAt)} (heure de Paris)`],
    ...(record.endedAt
      ? [['Fin', `${momentInParis(record.endedAt)} (${durationWord(Date.parse(record.endedAt) - Date.parse(record.startedAt))})`] as const]
      : []),
    ['Banc d’essai', `HospiCert ${harness.version}, Node.js ${harness.node}, ${environment.os}`],
    ['Simulateur', `${simulator.issuer} (profil ${simulator.profile})`],
    ['Adresse d’autorisation', simulator.authorizationEndpoint],
    ['Navigateur', `${browserWord(environment)}, ${lanesWord(environment)} en parallèle`],
    ['Capacités déclarées', target.capabilities.join(', ') || 'aucune'],
    ...Object.entries(target.notSupported).map(([capability, reason]) => [`Sans « ${capability} »`, reason] as const),
    ['Fiche du produit', `${target.file} (SHA-256 ${target.sha256})`],
  ]
}

/** What was seen before anything was judged: can the bench tell somebody signed in from nobody? */
export function calibrationFacts({ calibration }: RunRecord): readonly Fact[] {
  if (calibration === undefined) return [['Calibrage', "Il n'a pas été fait : le banc n'a pas vérifié qu'il sait lire les pages du produit."]]
  const { honest, nobody, duration } = calibration
  const told = honest.seen === honest.persona && nobody.seen === null
  return [
    ['Connexion honnête', `connexion de « ${honest.persona} » ; la page montre : ${signedInWord(honest.seen)}`],
    ['Sans connexion', `la page montre : ${signedInWord(nobody.seen)}`],
    ['Résultat', told ? `le banc distingue les deux (${durationWord(duration)})` : `le banc ne distingue pas les deux (${durationWord(duration)})`],
  ]
}
