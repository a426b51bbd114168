import { type Action, exchangesAt, type Journal, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import type { Check } from './check.ts'

/** A client of the workstation (RFC 8252). */
export const WORKSTATION_FACTS = {
  'system-browser'(journal) {
    const expected = 'La demande de connexion s’ouvre dans le navigateur du système.'
    const trouble = of(journal, 'trouble')[0]
    if (trouble?.code === 'NO_AUTHORIZATION_REQUEST')
      return { expected, observed: "Le client n'a pas demandé au système d'ouvrir son navigateur.", entries: [trouble.seq] }
    if (requests(journal).length === 0) return { expected, observed: trouble?.sentence ?? "Aucune demande n'a été vue.", unknown: true }
    return undefined
  },

  'loopback-only'(journal) {
    const expected = 'Le client n’écoute le retour que sur la boucle locale (127.0.0.1).'
    const seen = noted(journal, 'listener')
    if (!seen) return untold(journal, expected)
    const elsewhere = seen.detail?.['elsewhere']
    if (typeof elsewhere !== 'string') return undefined
    return { expected, observed: `Le port du retour répond aussi à ${elsewhere}.`, entries: [seen.seq] }
  },

  'loopback-literal'(journal) {
    const expected = 'L’adresse de retour nomme 127.0.0.1 ou [::1].'
    const request = requests(journal)[0]
    if (!request) return untold(journal, expected)
    const address = request.params['redirect_uri'] ?? ''
    if (/^http:\/\/(127\.0\.0\.1|\[::1\])[:/]/.test(address)) return undefined
    return { expected, observed: `L'adresse de retour est « ${address} ».`, entries: [request.seq] }
  },

  'listener-closed'(journal) {
    const expected = 'Le client cesse d’écouter dès que le retour est reçu.'
    const seen = noted(journal, 'listener-after')
    if (!seen) return untold(journal, expected)
    return seen.detail?.['open'] === true
      ? { expected, observed: 'Après la connexion, le port du retour est encore ouvert.', entries: [seen.seq] }
      : undefined
  },

  'port-not-fixed'(journal) {
    const expected = 'Deux connexions en même temps écoutent chacune sur un port libre.'
    const [first, second] = [noted(journal, 'listener'), noted(journal, 'second-listener')]
    const [one, other] = [first?.detail?.['port'], second?.detail?.['port']]
    if (first && one === 0) return { expected, observed: "L'adresse de retour ne porte pas de port.", entries: [first.seq] }
    const refused = of(journal, 'trouble')[0]
    if (first && !second && refused)
      return {
        expected,
        observed: `Pendant qu'un premier poste attend son retour, un second ne peut pas se connecter : ${refused.sentence}`,
        entries: [refused.seq],
      }
    if (!first || !second) return untold(journal, expected)
    return one === other ? { expected, observed: `Les deux connexions attendent leur retour sur le port ${one}.`, entries: [second.seq] } : undefined
  },

  'client-pkce'(journal) {
    const expected = 'La demande porte un défi PKCE S256, et l’échange son vérificateur.'
    const request = requests(journal)[0]
    if (!request) return untold(journal, expected)
    if (request.params['code_challenge_method'] !== 'S256' || !request.params['code_challenge'])
      return { expected, observed: "La demande n'est pas protégée par PKCE S256.", entries: [request.seq] }
    const exchange = exchangesAt(journal, 'token')[0]
    if (!exchange) return untold(journal, expected)
    return exchange.params['code_verifier'] ? undefined : { expected, observed: "L'échange ne porte pas de vérificateur.", entries: [exchange.seq] }
  },
} satisfies Partial<Record<Fact, Check>>

function requests(journal: Journal) {
  return exchangesAt(journal, 'authorization').filter(({ params }) => params['client_id'] !== undefined)
}

function noted(journal: Journal, verb: string): Action | undefined {
  return of(journal, 'action').find((entry) => entry.verb === verb)
}

function untold(journal: Journal, expected: string) {
  return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? "Le client n'est pas allé jusque-là.", unknown: true }
}
