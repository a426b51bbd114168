import type { Finding } from '#core/finding.ts'
import { exchangesAt, type Journal, type Moment, type Observation, observationsAt, of } from '#core/journal.ts'
import type { Fact, Module } from '#core/module.ts'
import type { Verdict } from '#core/verdict.ts'
import type { JudgeContext } from './judge.ts'

/** What is wrong with a fact: what was expected and seen, and whether the journal could tell at all. */
interface Lack {
  readonly expected: string
  readonly observed: string
  readonly entries?: readonly number[]
  /** The journal does not tell: inconclusive instead of a breach. */
  readonly unknown?: boolean
}
type Check = (journal: Journal, module: Module, context: JudgeContext) => Lack | undefined

export function judgeFacts(facts: readonly Fact[], module: Module, journal: Journal, breach: Verdict, context: JudgeContext): Finding[] {
  return facts.flatMap((fact) => {
    const lack = CHECKS[fact](journal, module, context)
    if (!lack) return []
    const { unknown, ...rest } = lack
    return [{ verdict: unknown ? ('inconclusive' as const) : breach, ...rest }]
  })
}

const CHECKS: Readonly<Record<Fact, Check>> = {
  'signed-out'(journal, { when }) {
    const expected = 'Après la déconnexion, la page protégée redemande une connexion.'
    const before = last(journal, 'after-login')
    if (before?.signedIn !== when.persona)
      return { expected, observed: "Le professionnel n'était pas connecté avant de se déconnecter.", unknown: true }
    for (const moment of ['after-sign-out', 'protected-page'] as const) {
      const look = last(journal, moment)
      if (!look || look.signedIn === 'unreadable') return { expected, observed: `La page n'a pas pu être lue (${moment}).`, unknown: true }
      if (look.signedIn !== null)
        return { expected, observed: 'Le professionnel est encore connecté dans le produit après sa déconnexion.', entries: [look.seq] }
    }
    return undefined
  },

  'provider-session-ended'(journal) {
    const expected = 'La session ouverte chez le fournisseur est fermée : une nouvelle connexion redemande un moyen d’identification.'
    const again = of(journal, 'action').find(({ verb }) => verb === 'login-again')
    if (!again) return { expected, observed: "La nouvelle connexion n'a pas pu être tentée.", unknown: true }
    if (again.detail?.['walletAsked'] === true) return undefined
    return {
      expected,
      observed: 'La session du fournisseur survit : la connexion suivante aboutit sans moyen d’identification.',
      entries: [again.seq],
    }
  },

  'logout-request-complete'(journal, _module, { postLogoutRedirectUri }) {
    const expected = "La demande de déconnexion porte id_token_hint et l'adresse de retour enregistrée."
    const request = exchangesAt(journal, 'end_session')[0]
    if (!request) return { expected, observed: "Le produit n'a pas conduit le navigateur à la déconnexion du fournisseur." }
    const missing = ['id_token_hint', 'post_logout_redirect_uri'].filter((name) => !request.params[name])
    if (missing.length > 0) return { expected, observed: `La demande de déconnexion ne porte pas ${missing.join(' ni ')}.`, entries: [request.seq] }
    const back = request.params['post_logout_redirect_uri']
    if (back !== postLogoutRedirectUri) return { expected, observed: `L'adresse de retour envoyée est « ${back} ».`, entries: [request.seq] }
    if (request.status >= 400)
      return { expected, observed: `Le fournisseur a refusé la demande de déconnexion (HTTP ${request.status}).`, entries: [request.seq] }
    return undefined
  },

  'logout-completes'(journal, _module, { redirectUri, postLogoutRedirectUri }) {
    const expected = 'Le retour de déconnexion conduit à une page normale du produit, sans erreur.'
    const look = last(journal, 'after-sign-out')
    if (!look) return { expected, observed: "La page qui suit la déconnexion n'a pas été lue.", unknown: true }
    const failed = (look.httpStatus ?? 200) >= 400
    const { origin } = new URL(look.url)
    // An error page of the provider is not the product's doing.
    if (failed && origin !== new URL(postLogoutRedirectUri ?? redirectUri).origin)
      return { expected, observed: `Le navigateur n'est pas revenu au produit : ${origin} répond HTTP ${look.httpStatus}.`, unknown: true }
    if (failed)
      return { expected, observed: `Le produit répond par une erreur HTTP ${look.httpStatus} au retour du fournisseur.`, entries: [look.seq] }
    if (look.refusal)
      return { expected, observed: `Le produit montre une erreur : « ${look.refusal.replaceAll(/\s+/g, ' ').slice(0, 160)} »`, entries: [look.seq] }
    return undefined
  },

  'cancel-explained'(journal, _module, { walletOrigin }) {
    const expected = 'Après une annulation, le produit le dit, sans ouvrir de session ni relancer seul la connexion.'
    const look = last(journal, 'after-cancel')
    if (!look) return { expected, observed: "La page qui suit l'annulation n'a pas été lue.", unknown: true }
    if (look.url.startsWith(walletOrigin))
      return { expected, observed: 'Le produit a relancé de lui-même la connexion annulée.', entries: [look.seq] }
    if (look.signedIn === 'unreadable')
      return { expected, observed: "La page qui suit l'annulation ne dit pas si quelqu'un est connecté.", entries: [look.seq], unknown: true }
    if (look.signedIn !== null) return { expected, observed: "Une session est ouverte après l'annulation.", entries: [look.seq] }
    if (look.text.trim().length < 15) return { expected, observed: "La page qui suit l'annulation est vide.", entries: [look.seq] }
    return undefined
  },

  'retry-possible': (journal, { when }) =>
    signedInAt(journal, 'after-retry', when.persona, 'Le professionnel peut recommencer aussitôt et se connecter.'),
  recovers(journal, { when }) {
    const expected = 'Quand le fournisseur répond de nouveau, la connexion aboutit.'
    if (of(journal, 'fault-delivered').length === 0)
      return { expected, observed: "Le produit n'a pas rencontré la coupure : aucun appel n'a été refusé.", unknown: true }
    return signedInAt(journal, 'after-retry', when.persona, expected)
  },

  'one-identity'(journal, { when }) {
    const expected = 'Dans les deux onglets, on ne voit que le professionnel qui s’est connecté.'
    const looks = [...observationsAt(journal, 'after-login'), ...observationsAt(journal, 'protected-page')]
    const stranger = looks.find(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable' && signedIn !== when.persona)
    if (stranger) return { expected, observed: 'Un onglet montre une autre identité.', entries: [stranger.seq] }
    if (looks.some(({ signedIn }) => signedIn === 'unreadable'))
      return { expected, observed: 'Un onglet ne dit pas qui est connecté.', unknown: true }
    if (looks.length < 3) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Un onglet n'a pas pu être lu.", unknown: true }
    if (looks.at(-1)?.signedIn !== when.persona)
      return { expected, observed: 'Après deux connexions en parallèle, plus personne n’est connecté.', entries: looks.map(({ seq }) => seq) }
    return undefined
  },

  'exercise-offered'(journal) {
    const expected = 'Le professionnel choisit lui-même entre ses exercices.'
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    if ((look.exercises?.length ?? 0) >= 2) return undefined
    return { expected, observed: 'Aucun choix n’a été proposé alors que le professionnel a plusieurs exercices.', entries: [look.seq] }
  },

  'text-escaped'(journal) {
    const expected = 'Le texte du fournisseur apparaît tel quel, ou pas du tout.'
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    return look.injected
      ? { expected, observed: 'La description de l’erreur est devenue du HTML dans la page du produit.', entries: [look.seq] }
      : undefined
  },

  'full-name-shown'(journal, { when }, { fullNames }) {
    const name = fullNames.get(when.persona) ?? ''
    const expected = `Le nom « ${name} » est montré en entier, accents compris.`
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: "La page du produit n'a pas été lue.", unknown: true }
    return look.text.includes(name)
      ? undefined
      : { expected, observed: 'Le nom transmis par le fournisseur ne figure pas tel quel dans la page.', entries: [look.seq] }
  },
}

function last(journal: Journal, moment: Moment): Observation | undefined {
  return observationsAt(journal, moment).at(-1)
}

function signedInAt(journal: Journal, moment: Moment, persona: string, expected: string): Lack | undefined {
  const look = last(journal, moment)
  const trouble = of(journal, 'trouble')[0]
  if (trouble?.code === 'NO_AUTHORIZATION_REQUEST') return { expected, observed: trouble.sentence, entries: [trouble.seq] }
  if (!look || look.signedIn === 'unreadable') return { expected, observed: trouble?.sentence ?? "La page n'a pas pu être lue.", unknown: true }
  if (look.signedIn === persona) return undefined
  const said = look.refusal ? ` Le produit dit : « ${look.refusal.replaceAll(/\s+/g, ' ').slice(0, 160)} »` : ''
  return { expected, observed: `La nouvelle tentative n'aboutit pas.${said}`, entries: [look.seq] }
}
