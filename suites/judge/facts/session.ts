import { exchangesAt, type Journal, type Observation, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { type Check, type Lack, last } from './check.ts'

/** The last look at any page. */
function lastLook(journal: Journal): Observation | undefined {
  return of(journal, 'observation').at(-1)
}

/** Unknown unless somebody was signed in before what the unit is about. */
function signedInBefore(journal: Journal, persona: string, expected: string): Lack | undefined {
  const look = of(journal, 'observation').find(({ moment }) => moment === 'after-login')
  const trouble = of(journal, 'trouble')[0]
  if (look?.signedIn === persona) return undefined
  return { expected, observed: trouble?.sentence ?? "Le professionnel n'était pas connecté au départ : rien n'est prouvé.", unknown: true }
}

/** What becomes of a session when the provider says that it is over. */
export const SESSION_FACTS = {
  'session-closed'(journal, { when }) {
    const expected = 'Au clic suivant, la session est fermée : le produit redemande une connexion.'
    const before = signedInBefore(journal, when.persona, expected)
    if (before) return before
    const look = lastLook(journal)
    if (look?.moment !== 'protected-page' || look.signedIn === 'unreadable')
      return { expected, observed: "La page protégée n'a pas pu être relue.", unknown: true }
    return look.signedIn === null ? undefined : { expected, observed: 'Le professionnel est encore connecté dans le produit.', entries: [look.seq] }
  },

  'session-kept'(journal, { when }) {
    const expected = 'La session du professionnel reste ouverte.'
    const before = signedInBefore(journal, when.persona, expected)
    if (before) return before
    const look = last(journal, 'protected-page')
    if (!look || look.signedIn === 'unreadable') return { expected, observed: "La page protégée n'a pas pu être relue.", unknown: true }
    return look.signedIn === when.persona ? undefined : { expected, observed: 'La session du professionnel a été fermée.', entries: [look.seq] }
  },

  'others-kept'(journal, { when }) {
    const expected = "Seule la session nommée est fermée ; celle de l'autre poste reste ouverte."
    const looks = of(journal, 'observation')
    const closed = looks.findLast(({ window, moment }) => window === undefined && moment === 'protected-page')
    const kept = looks.findLast(({ window, moment }) => window === 'b' && moment === 'protected-page')
    if (!closed || !kept || signedInBefore(journal, when.persona, expected))
      return { expected, observed: "Les deux postes n'ont pas pu être relus.", unknown: true }
    if (closed.signedIn !== null) return { expected, observed: 'La session nommée par le fournisseur est encore ouverte.', entries: [closed.seq] }
    if (kept.signedIn !== when.persona) return { expected, observed: "La session de l'autre poste a été fermée aussi.", entries: [kept.seq] }
    return undefined
  },

  'logout-token-accepted': (journal) => answered(journal, [200, 204], 'Le produit répond 200 (ou 204) à un jeton de déconnexion valable.'),

  'logout-token-refused': (journal) => answered(journal, [400], 'Le produit répond 400 à un jeton de déconnexion qui n’est pas valable.'),

  'logout-frame-answered'(journal) {
    const expected = 'Le cadre de fin de session répond : ni erreur technique, ni silence.'
    const frame = of(journal, 'action').findLast(({ verb }) => verb === 'logout-frame')
    if (!frame) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Le cadre n'a pas été chargé.", unknown: true }
    const status = frame.detail?.['status']
    if (typeof status !== 'number') return { expected, observed: "Le produit n'a pas répondu dans le cadre.", entries: [frame.seq] }
    return status < 500 ? undefined : { expected, observed: `Le produit répond HTTP ${status} dans le cadre.`, entries: [frame.seq] }
  },

  'logout-answer-not-cached'(journal) {
    const expected = 'La réponse porte « Cache-Control: no-store ».'
    const exchange = exchangesAt(journal, 'backchannel_logout').at(-1)
    if (!exchange) return { expected, observed: "Le produit n'a pas répondu au fournisseur.", unknown: true }
    const said = exchange.responseHeaders['cache-control']
    if (/no-store/i.test(said ?? '')) return undefined
    return {
      expected,
      observed: said ? `La réponse porte « Cache-Control: ${said} ».` : 'La réponse ne dit rien de sa mise en cache.',
      entries: [exchange.seq],
    }
  },
} satisfies Partial<Record<Fact, Check>>

/** The status of the product's last answer to a logout token. */
function answered(journal: Journal, statuses: readonly number[], expected: string): Lack | undefined {
  const exchange = exchangesAt(journal, 'backchannel_logout').at(-1)
  const trouble = of(journal, 'trouble')[0]
  if (!exchange && trouble?.code === 'TARGET_SILENT') return { expected, observed: trouble.sentence, entries: [trouble.seq] }
  if (!exchange) return { expected, observed: trouble?.sentence ?? "Aucun jeton de déconnexion n'a été envoyé au produit.", unknown: true }
  return statuses.includes(exchange.status)
    ? undefined
    : { expected, observed: `Le produit répond HTTP ${exchange.status}.`, entries: [exchange.seq] }
}
