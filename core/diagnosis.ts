import type { AdviceId } from './requirement.ts'

/** Products whose settings the advice names. */
export const ADVISED_PRODUCTS = {
  keycloak: 'Keycloak (courtier d’identité)',
  lemonldap: 'LemonLDAP::NG',
  'mod-auth-openidc': 'Apache mod_auth_openidc',
  'spring-security': 'Spring Security',
  'entra-id': 'Microsoft Entra ID',
} as const
export type AdvisedProduct = keyof typeof ADVISED_PRODUCTS

/** What to change in one product. */
export interface ProductAdvice {
  /** French, naming the setting as the product does. */
  readonly setting: string
  /** Where the product documents it. */
  readonly source: string
}

/** One row of `fixtures/advice/*.json`: a misconfiguration by name, why it stops a certification, and what to change. */
export interface Advice {
  readonly id: AdviceId
  readonly topic: Topic
  /** `erreur` stops the certification; `attention` does not. */
  readonly state: 'attention' | 'erreur'
  /** French: the fault in one line. */
  readonly title: string
  /** French: why nothing can be judged with it. */
  readonly why: string
  /** French: what to change, for any product. */
  readonly change: string
  /** Setting of the target file to look at, as a path. */
  readonly target?: string
  readonly products?: Readonly<Partial<Record<AdvisedProduct, ProductAdvice>>>
  /** Clause or page that the advice rests on. */
  readonly source: string
}

/** What the doctor looks at, in the order in which a login meets it: the first fault is the likeliest cause of the others. */
export const TOPICS = {
  target: 'Fichier de la cible',
  start: 'Démarrage',
  reach: 'Nom et port du produit',
  certificate: 'Certificat du produit',
  clock: 'Horloge du produit',
  page: 'Page de départ, repères',
  simulator: 'Du produit au simulateur (nom, TLS)',
  discovery: 'Découverte et émetteur',
  client: 'Client et adresse de retour',
  request: 'Scope, niveau, PKCE',
  return: 'Retour dans le produit',
  cookies: 'Cookies du produit',
  token: 'Authentification du client',
  identity: 'Clés, jeton, UserInfo',
  canary: 'Le canari est reconnu',
  logout: 'Déconnexion',
} as const
export type Topic = keyof typeof TOPICS

/** A misconfiguration that was seen: which, what showed it, where it can be read. */
export interface Diagnosis {
  readonly id: AdviceId
  /** `attention` when the login went well in spite of it. */
  readonly state: 'attention' | 'erreur'
  /** French, with the values that were seen. */
  readonly seen: string
  /** More precise than the advice's own, when there is such. */
  readonly target?: string
  /** What is to be changed, when what was seen tells more than the advice. */
  readonly change?: string
}

/** One line of the doctor's report. `unseen`: a fault upstream, or the target's file, kept it from being looked at. */
export interface TopicOutcome {
  readonly topic: Topic
  readonly state: 'ok' | 'attention' | 'erreur' | 'unseen'
  /** French: what was seen when all is well, or why nothing was; empty where the login simply did not come that far. */
  readonly seen: string
  readonly diagnoses: readonly Diagnosis[]
}
