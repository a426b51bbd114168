import { exchangesAt, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import { sameAddress } from '#core/redirect.ts'
import { type Check, last } from './check.ts'

/** What a sign-out leaves behind. */
export const LOGOUT_FACTS = {
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
    if (!sameAddress(back, postLogoutRedirectUri))
      return { expected, observed: `L'adresse de retour envoyée est « ${back} ».`, entries: [request.seq] }
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
} satisfies Partial<Record<Fact, Check>>
