import { exchangesAt, type Journal, observationsAt, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { type Check, last, signedInAt } from './check.ts'

/** What passes through the browser, where others can reach it. */
export const FRONT_CHANNEL_FACTS = {
  'fixation-harmless'(journal, { when }) {
    const expected = 'Les cookies d’avant la connexion ne valent rien après elle.'
    const before = last(journal, 'after-login')
    if (before?.signedIn !== when.persona) return { expected, observed: cause(journal, "La connexion n'a pas abouti."), unknown: true }
    const look = last(journal, 'protected-page')
    if (!look || look.signedIn === 'unreadable')
      return { expected, observed: "La page n'a pas pu être relue dans l'autre navigateur.", unknown: true }
    if (look.signedIn === null) return undefined
    return { expected, observed: 'Avec les cookies d’avant la connexion, un autre navigateur est connecté à sa place.', entries: [look.seq] }
  },

  'nobody-let-in'(journal) {
    const expected = "La page protégée n'est ouverte à personne."
    const look = last(journal, 'protected-page')
    if (!look || look.signedIn === 'unreadable') return { expected, observed: cause(journal, "La page protégée n'a pas pu être lue."), unknown: true }
    return look.signedIn === null ? undefined : { expected, observed: 'La page protégée montre quelqu’un de connecté.', entries: [look.seq] }
  },

  'state-serves-once'(journal, { when }) {
    const expected = 'Un state qui a servi n’est plus accepté : le code présenté avec lui n’est pas échangé.'
    const looks = observationsAt(journal, 'after-login')
    if (looks[0]?.signedIn !== when.persona || looks.length < 2)
      return {
        expected,
        observed: cause(journal, "La première connexion n'a pas abouti, ou la seconde réponse n'a pas été présentée."),
        unknown: true,
      }
    const calls = exchangesAt(journal, 'token').slice(1)
    if (calls.length > 0)
      return { expected, observed: 'Le code présenté sous un state déjà servi a été échangé.', entries: calls.map(({ seq }) => seq) }
    const second = looks[1]
    return second?.signedIn === null ? undefined : { expected, observed: 'Un state déjà servi a ouvert une session.', entries: [second?.seq ?? 0] }
  },

  'code-redeemed-once'(journal) {
    const expected = 'Le code est échangé une seule fois.'
    const calls = exchangesAt(journal, 'token').filter(({ params }) => params['grant_type'] === 'authorization_code')
    if (calls.length === 0) return { expected, observed: cause(journal, "Le code n'a pas été échangé."), unknown: true }
    const codes = calls.map(({ params }) => params['code'])
    const again = calls.filter(({ params }, index) => codes.indexOf(params['code']) < index)
    if (again.length === 0) return undefined
    return { expected, observed: 'Le même code est présenté une seconde fois au point de jeton.', entries: again.map(({ seq }) => seq) }
  },

  'page-readable'(journal) {
    const expected = 'La page qui suit se lit : ni erreur technique, ni page vide.'
    const look = last(journal, 'look')
    if (!look) return { expected, observed: cause(journal, "La page n'a pas été lue."), unknown: true }
    if ((look.httpStatus ?? 0) >= 500) return { expected, observed: `Le produit répond HTTP ${look.httpStatus}.`, entries: [look.seq] }
    return look.text.trim().length < 15 ? { expected, observed: 'La page est vide.', entries: [look.seq] } : undefined
  },

  'not-stored'(journal, { when }) {
    const expected = 'Une page qui montre le professionnel et ses patients ne reste pas dans le navigateur (« Cache-Control: no-store »).'
    const page = of(journal, 'action').find(({ verb }) => verb === 'inspect-page')
    if (!page || last(journal, 'after-login')?.signedIn !== when.persona)
      return { expected, observed: cause(journal, "La page protégée n'a pas pu être lue."), unknown: true }
    // What arrives without the professional is a shell that a script fills: nothing of theirs is kept.
    if (page.detail?.['carriesIdentity'] !== true || /no-store/i.test(String(page.detail['cacheControl']))) return undefined
    const said = page.detail['cacheControl']
    return {
      expected,
      observed: said ? `La page porte « Cache-Control: ${said} ».` : 'La page ne dit rien de sa mise en cache.',
      entries: [page.seq],
    }
  },

  'not-frameable'(journal) {
    const expected = 'La page porte frame-ancestors (Content-Security-Policy) ou X-Frame-Options.'
    const look = last(journal, 'protected-page')
    if (!look?.headers || look.signedIn === 'unreadable') return { expected, observed: cause(journal, "La page n'a pas pu être lue."), unknown: true }
    const { 'content-security-policy': policy = '', 'x-frame-options': options } = look.headers
    if (/frame-ancestors/i.test(policy) || options) return undefined
    return { expected, observed: `La page ${new URL(look.url).pathname} peut être mise dans le cadre d'un autre site.`, entries: [look.seq] }
  },

  'no-loop'(journal) {
    const expected = "Après l'erreur du fournisseur, le produit s'arrête et le dit ; il ne relance pas seul la connexion."
    // A product without a sign-in page of its own asks the provider anew when the professional comes back: that is no loop.
    const back = of(journal, 'action').find(({ verb }) => verb === 'protected-page')?.at ?? '9'
    const requests = exchangesAt(journal, 'authorization').filter(({ params, at }) => params['client_id'] !== undefined && at < back)
    if (requests.length === 0) return { expected, observed: cause(journal, 'Aucune demande de connexion.'), unknown: true }
    if (requests.length === 1) return undefined
    return { expected, observed: `Le produit a relancé de lui-même ${requests.length - 1} connexion(s).`, entries: requests.map(({ seq }) => seq) }
  },

  'stays-home'(journal) {
    const expected = 'Le produit ne renvoie jamais le navigateur vers un autre site.'
    const came = exchangesAt(journal, 'trap')
    if (came.length > 0)
      return {
        expected,
        observed: 'Le produit a conduit le navigateur vers le site étranger qui lui était donné.',
        entries: came.map(({ seq }) => seq),
      }
    const look = of(journal, 'observation').at(-1)
    if (!look) return { expected, observed: cause(journal, "La page du produit n'a pas été lue."), unknown: true }
    return look.injected
      ? { expected, observed: 'Le texte donné comme page de retour est devenu du code dans la page.', entries: [look.seq] }
      : undefined
  },

  'lands-as-asked'(journal, { when }) {
    const expected = 'Après la connexion, le professionnel retrouve la page du produit qu’il demandait.'
    const absent = signedInAt(journal, 'after-login', when.persona, expected)
    if (absent) return absent
    const look = last(journal, 'after-login')
    const asked = of(journal, 'action').find(({ verb }) => verb === 'start-towards')?.detail?.['page']
    if (!look || asked === undefined) return { expected, observed: "Aucune page n'a été demandée.", unknown: true }
    const { pathname, search } = new URL(look.url)
    return `${pathname}${search}` === asked ? undefined : { expected, observed: `Le navigateur est arrivé à ${pathname}.`, entries: [look.seq] }
  },

  'foreign-issuer-ignored'(journal) {
    const expected = 'Une demande de connexion chez un fournisseur inconnu ne fait appeler personne d’autre que le fournisseur connu.'
    const calls = exchangesAt(journal, 'trap')
    if (calls.length > 0)
      return { expected, observed: 'Le produit a appelé le fournisseur inconnu qu’un tiers lui nommait.', entries: calls.map(({ seq }) => seq) }
    const look = last(journal, 'after-login')
    if (!look) return { expected, observed: cause(journal, "La page du produit n'a pas été lue."), unknown: true }
    if ((look.httpStatus ?? 0) >= 500) return { expected, observed: `Le produit répond HTTP ${look.httpStatus}.`, entries: [look.seq] }
    return undefined
  },

  'no-secret-exposed'(journal, { when }) {
    const expected = 'Ni le secret du client, ni le code, ni un jeton, ni le vérificateur PKCE ne se lisent dans le navigateur.'
    const scan = of(journal, 'scan')[0]
    if (!scan || last(journal, 'after-login')?.signedIn !== when.persona)
      return { expected, observed: cause(journal, "Le navigateur n'a pas pu être fouillé après la connexion."), unknown: true }
    if (scan.found.length === 0) return undefined
    const told = scan.found.map(({ place, secret }) => `${secret} dans ${place}`).join(', ')
    return { expected, observed: `Le navigateur montre ${told}.`, entries: [scan.seq] }
  },
} satisfies Partial<Record<Fact, Check>>

/** Why the journal does not tell: the trouble on the way, or this. */
function cause(journal: Journal, otherwise: string): string {
  return of(journal, 'trouble')[0]?.sentence ?? otherwise
}
