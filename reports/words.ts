import type { Moment } from '#core/journal.ts'
import type { UnitKind } from '#core/plan.ts'
import type { RunRecord } from '#core/record.ts'
import type { Confidence, Level, Register } from '#core/requirement.ts'
import type { Verdict } from '#core/verdict.ts'

/** One sign for each verdict, readable without colour. */
export const VERDICT_SYMBOLS: Readonly<Record<Verdict, string>> = {
  error: '⚠',
  fail: '✗',
  inconclusive: '?',
  review: '◌',
  warning: '!',
  'accepted-risk': '≈',
  pass: '✓',
  inapplicable: '–',
}

/** What a verdict means, in one sentence for somebody who did not write the tests. */
export const VERDICT_MEANINGS: Readonly<Record<Verdict, string>> = {
  error: "Le banc d'essai n'a pas pu mener l'épreuve ; elle ne compte pas contre le produit.",
  fail: "Le produit a fait ce qu'une exigence obligatoire interdit, ou n'a pas fait ce qu'elle demande.",
  inconclusive: "La preuve est incomplète : l'épreuve ne permet de dire ni oui ni non.",
  review: 'Une personne doit encore examiner la preuve et se prononcer.',
  warning: "Une recommandation n'est pas suivie.",
  'accepted-risk': "Non-conformité assumée : un responsable l'a acceptée, avec une justification et une date de fin.",
  pass: "Le produit a fait ce qui est exigé ; pour un refus, l'anomalie lui a bien été remise et le témoin honnête a réussi.",
  inapplicable: 'Le produit déclare ne pas avoir la fonction ; son motif est reproduit.',
}

const EXIT_MEANINGS: Readonly<Record<RunRecord['exitCode'], string>> = {
  0: 'aucune non-conformité',
  1: 'au moins une non-conformité',
  2: "pas de non-conformité établie, mais des épreuves restent non concluantes, à examiner ou n'ont pas été jouées",
  3: "erreur du banc d'essai ou de sa configuration, qui n'est pas imputable au produit",
}

/** The exit code of a run in words; it does not hide what the code alone would not say. */
export function exitMeaning({ exitCode, units }: Pick<RunRecord, 'exitCode' | 'units'>): string {
  const count = (verdict: Verdict) => units.filter((unit) => unit.verdict === verdict).length
  const fails = exitCode === 3 ? count('fail') : 0
  const accepted = exitCode === 0 ? count('accepted-risk') : 0
  if (fails > 0) return `${EXIT_MEANINGS[3]} ; par ailleurs, ${counted(fails, 'épreuve non conforme', 'épreuves non conformes')}`
  return accepted > 0 ? `${EXIT_MEANINGS[0]} hors ${counted(accepted, 'risque accepté', 'risques acceptés')}` : EXIT_MEANINGS[exitCode]
}

export const LEVEL_WORDS: Readonly<Record<Level, string>> = { doit: 'obligatoire', recommandé: 'recommandé', peut: 'facultatif' }

export const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  official: 'lue dans le texte officiel',
  stated: 'énoncée par une source publique',
  'third-party': 'transcrite par un tiers',
  inferred: 'déduite de faits publics',
  house: 'fixée par le projet HospiCert',
}

export const STATUS_WORDS: Readonly<Record<RunRecord['status'], string>> = {
  running: 'inachevée (en cours ou arrêtée brutalement)',
  complete: 'menée à son terme',
  interrupted: 'interrompue',
  failed: 'arrêtée par une erreur',
}

export const KIND_WORDS: Readonly<Record<UnitKind, string>> = {
  module: 'scénario',
  row: 'cas',
  rule: 'règle vérifiée sur tous les échanges',
  attestation: 'attestation',
}

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  development: 'développement',
  integration: 'intégration',
  'pre-production': 'préproduction',
  production: 'production',
}

const MOMENTS: Readonly<Record<Moment, string>> = {
  waiting: 'en attente du téléphone',
  'before-login': 'avant la connexion',
  'after-login': 'après la connexion',
  'protected-page': 'page protégée',
  'after-sign-out': 'après la déconnexion',
  'after-cancel': "après l'abandon",
  'after-retry': 'après le nouvel essai',
  look: 'en cours de route',
}

/** Second segment of a unit's id → the words of the person. An unknown one is shown as it is written. */
const GROUPS: Readonly<Record<string, string>> = {
  login: 'Connexion',
  ciba: 'Connexion par le téléphone (CIBA)',
  'two-providers': 'Deux fournisseurs',
  'authorization-request': "Demande d'autorisation",
  authorization: "Demande d'autorisation",
  'authorization-response': "Réponse d'autorisation",
  callback: "Réponse d'autorisation",
  'id-token': "Jeton d'identité",
  signature: 'Signature des jetons',
  keys: 'Clés de signature',
  jwks: 'Clés de signature',
  discovery: 'Découverte du fournisseur',
  token: 'Échange du code contre les jetons',
  'token-endpoint': 'Échange du code contre les jetons',
  userinfo: 'Identité du professionnel (userinfo)',
  identity: 'Identité du professionnel',
  level: "Niveau d'authentification",
  acr: "Niveau d'authentification",
  session: 'Session',
  'back-channel-logout': 'Déconnexion annoncée par le fournisseur, au serveur',
  'front-channel-logout': 'Déconnexion annoncée par le fournisseur, dans un cadre',
  'front-channel': 'Ce qui passe par le navigateur',
  'shared-workstation': 'Poste partagé',
  logout: 'Déconnexion',
  exercise: "Choix de la situation d'exercice",
  resilience: 'Pannes et reprise',
  outage: 'Pannes et reprise',
  cancel: 'Abandon par le professionnel',
  secrecy: 'Secrets',
  tolerance: 'Tolérance',
  rules: 'Règles générales',
  ergonomics: 'Ergonomie',
}

export function environmentWord(environment: string): string {
  return ENVIRONMENTS[environment] ?? environment
}

export function momentWord(moment: string): string {
  return (MOMENTS as Readonly<Record<string, string>>)[moment] ?? moment
}

/** @example groupWord('rp/id-token/wrong-audience#other') === "Jeton d'identité" */
export function groupWord(unitId: string): string {
  const segment = unitId.split('/')[1]?.split('#')[0] ?? 'autres'
  const words = segment.replaceAll('-', ' ')
  return GROUPS[segment] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who was seen signed in, in words. */
export function signedInWord(seen: string | null): string {
  if (seen === null) return 'personne'
  if (seen === 'someone-else') return "quelqu'un d'autre"
  return seen === 'unreadable' ? 'page illisible' : `« ${seen} »`
}

/** @example durationWord(83_000) === '1 min 23 s' */
export function durationWord(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const total = Math.round(milliseconds / 1000)
  if (total < 60) return `${total} s`
  const minutes = Math.floor(total / 60)
  return minutes < 60 ? `${minutes} min ${total % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const PARIS = { timeZone: 'Europe/Paris' } as const
const DATE_TIME = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'medium', ...PARIS })
const DATE = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...PARIS })

/** An instant as read in Paris; what is not a date is given back. */
export function momentInParis(iso: string): string {
  return Number.isNaN(Date.parse(iso)) ? iso : DATE_TIME.format(new Date(iso))
}

/** The calendar day in Paris, AAAA-MM-JJ. */
export function dayInParis(iso: string): string {
  return Number.isNaN(Date.parse(iso)) ? iso.slice(0, 10) : DAY.format(new Date(iso))
}

/** AAAA-MM-JJ → `5 mars 2027`. */
export function dayWord(day: string): string {
  return Number.isNaN(Date.parse(day)) ? day : DATE.format(new Date(day))
}

/** @example counted(2, 'épreuve') === '2 épreuves' */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count < 2 ? one : many}`
}

/** Title of a register, with its edition when the title does not say it. */
export function registerWord({ title, edition }: Register): string {
  return title.includes(edition) ? title : `${title} (édition ${edition})`
}

/** How many scenes run side by side, and in what. */
export function lanesWord({ workers, engine }: RunRecord['environment']): string {
  return engine === 'http' ? counted(workers, 'processus', 'processus') : counted(workers, 'navigateur')
}

/** Name and version of the browser, and how it was chosen when the record says so; or that there was none. */
export function browserWord({ browser, browserVersion, engine }: RunRecord['environment']): string {
  if (engine === 'http') return `aucun : moteur HTTP ${browserVersion}, sans affichage ni script`
  const name = `Chromium ${browserVersion}`.trim()
  return /^chrom(e|ium)$/i.test(browser) ? name : `${name} (${browser})`
}
