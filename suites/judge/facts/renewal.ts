import { exchangesAt } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import type { Check } from './check.ts'

/** What becomes of the access token after the login. */
export const RENEWAL_FACTS = {
  refreshed(journal) {
    const expected = "Le jeton d'accès périmé est renouvelé par le jeton de rafraîchissement, et l'identité relue avec le nouveau."
    const refresh = exchangesAt(journal, 'token').find(({ params }) => params['grant_type'] === 'refresh_token')
    if (!refresh) return { expected, observed: "Le produit n'a pas demandé de nouveaux jetons." }
    if (refresh.status !== 200)
      return { expected, observed: `Le fournisseur a refusé le renouvellement (HTTP ${refresh.status}).`, entries: [refresh.seq], unknown: true }
    const read = exchangesAt(journal, 'userinfo').find(({ seq, status }) => seq > refresh.seq && status === 200)
    return read ? undefined : { expected, observed: "Après le renouvellement, l'identité n'a pas été relue.", entries: [refresh.seq] }
  },

  'no-dead-token'(journal) {
    const expected = "Aucun appel à UserInfo ne porte un jeton d'accès périmé."
    const dead = exchangesAt(journal, 'userinfo').find(({ status }) => status === 401)
    return dead && { expected, observed: "Le produit a appelé UserInfo avec un jeton d'accès périmé.", entries: [dead.seq] }
  },
} satisfies Partial<Record<Fact, Check>>
