import type { RunRecord } from '#core/record.ts'
import type { Confidence, Register } from '#core/requirement.ts'
import { CONFIDENCE_WORDS, counted, environmentWord } from '../words.ts'

/** « Ce que ce dossier n'atteste pas »: what a reader must not conclude. */
export function limits({ target, simulator, units }: RunRecord, registers: readonly Register[]): readonly string[] {
  const judged = new Set<string>(units.flatMap(({ requirements }) => requirements))
  const requirements = registers.flatMap((register) => register.requirements).filter(({ id }) => judged.has(id))
  const by = (confidence: Confidence) => requirements.filter((requirement) => requirement.confidence === confidence)
  const unsure = (['stated', 'third-party', 'inferred', 'house'] as const)
    .map((confidence) => [confidence, by(confidence)] as const)
    .filter(([, found]) => found.length > 0)
  return [
    `Les épreuves ont été menées face à un simulateur de Pro Santé Connect (profil « ${simulator.profile} »), non face au service de l'Agence du numérique en santé. Une différence entre le simulateur et le service réel reste possible.`,
    `Elles portent sur la version ${target.product.version} du produit, dans son environnement « ${environmentWord(target.environment)} », tel qu'il était configuré ce jour-là. Une autre version, un autre réglage ou un autre site appelle une nouvelle exécution.`,
    "Un verdict « conforme » dit que l'anomalie présentée a été refusée, ou que le comportement exigé a été observé. Il ne prouve pas l'absence d'autres défauts.",
    'Les personnes, les cartes et les identifiants employés sont fictifs : aucune donnée de santé ni identité réelle ne figure dans ce dossier.',
    ...(unsure.length > 0
      ? [
          `Sur les ${requirements.length} exigences éprouvées, ${by('official').length} ont été lues dans le texte officiel. Les autres restent à confirmer auprès de l'autorité compétente : ${unsure
            .map(
              ([confidence, found]) => `${counted(found.length, 'règle')} ${CONFIDENCE_WORDS[confidence]} (${found.map(({ id }) => id).join(', ')})`,
            )
            .join(' ; ')}.`,
        ]
      : []),
    'Quand le numéro officiel d’une exigence n’est pas connu, l’identifiant indiqué est propre au projet HospiCert.',
    "Les empreintes SHA-256 permettent de vérifier que les preuves n'ont pas changé depuis l'exécution (fichier manifest.sha256). Le dossier n'est ni signé ni horodaté par un tiers.",
    "Ce dossier n'est ni une homologation, ni un certificat délivré par l'Agence du numérique en santé.",
  ]
}
