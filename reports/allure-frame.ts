import type { TestResult } from 'allure-js-commons'
import type { RunRecord } from '#core/record.ts'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'
import { oneLine } from './text.ts'
import { browserWord, environmentWord, momentInParis, STATUS_WORDS, VERDICT_MEANINGS } from './words.ts'

/**
 * Allure has four statuses for our eight verdicts. Green is conform and nothing else, red is not conform and nothing else;
 * what needs a look is orange, what is settled by a declaration is grey. Label and tag carry the true verdict.
 */
export const ALLURE_STATUS: Readonly<Record<Verdict, NonNullable<TestResult['status']>>> = {
  error: 'broken',
  fail: 'failed',
  inconclusive: 'broken',
  review: 'broken',
  warning: 'broken',
  'accepted-risk': 'skipped',
  pass: 'passed',
  inapplicable: 'skipped',
} as Readonly<Record<Verdict, NonNullable<TestResult['status']>>>

/** One category a verdict (`categories.json`); it is the beginning of the message that tells it. */
export function categoryRules() {
  return VERDICTS.filter((verdict) => verdict !== 'pass').map((verdict) => ({
    name: capital(VERDICT_LABELS[verdict]),
    description: VERDICT_MEANINGS[verdict],
    matchedStatuses: [ALLURE_STATUS[verdict]],
    messageRegex: `${capital(VERDICT_LABELS[verdict])} — [\\s\\S]*`,
  }))
}

/** `environment.properties`: pure ASCII, since the two Allures read it in two encodings. */
export function environmentProperties({ id, harness, target, environment, simulator, status, startedAt }: RunRecord): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Couleurs', 'vert : conforme ; rouge : non conforme ; orange : à regarder (étiquette) ; gris : sans objet ou risque accepté'],
    ['Produit', `${target.product.name} ${target.product.version}`],
    ['Adresse', target.baseUrl],
    ['Environnement', environmentWord(target.environment)],
    ['Essais autorisés par', `${target.authorisedBy.name}, ${target.authorisedBy.role}`],
    ['Exécution', `${id}, ${STATUS_WORDS[status]}, commencée le ${momentInParis(startedAt)}`],
    ['HospiCert', harness.version],
    ['Simulateur', `${simulator.issuer} (profil ${simulator.profile})`],
    ['Navigateur', browserWord(environment)],
    ['Système', environment.os],
  ]
  return facts.map(([name, value]) => `${property(name).replaceAll(' ', '\\ ')}=${property(value)}\n`).join('')
}

function property(text: string): string {
  return oneLine(text)
    .replace(/[\\:=#!]/g, '\\$&')
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
