import { sameAddress } from '#core/redirect.ts'
import type { AdviceId } from '#core/requirement.ts'
import { type Check, type Found, landmarks, shortened } from '../found.ts'

export const client: Check = (evidence) => {
  const { request, trouble, canary } = landmarks(evidence)
  const { facts } = evidence
  if (!facts || !request) return {}
  const { client_id: id = '', redirect_uri: back } = request.params
  const found: Found[] = []
  if (id !== facts.clientId) found.push({ id: 'client-id', seen: `le produit se présente comme « ${id} » au lieu de « ${facts.clientId} ».` })
  if (back === undefined) found.push({ id: 'redirect-uri-missing', seen: "la demande ne porte pas d'adresse de retour (redirect_uri)." })
  else if (!sameAddress(back, facts.redirectUri))
    found.push({
      id: redirectFault(back, facts.redirectUri),
      seen: `le produit demande le retour à « ${back} », alors que « ${facts.redirectUri} » est enregistré.`,
    })
  if (found.length > 0) return { found }
  if (trouble?.code === 'REQUEST_REFUSED' && !canary && !refusedForItsWords(request.params))
    return { found: [{ id: 'request-refused', seen: trouble.sentence }] }
  return { well: `« ${id} », retour à ${back}.` }
}

/** In what a return address differs from the registered one: the first difference that explains it. */
export function redirectFault(asked: string, registered: string): AdviceId {
  if (!URL.canParse(asked)) return 'redirect-uri-path'
  const [a, b] = [new URL(asked), new URL(registered)]
  if (a.hostname !== b.hostname) return 'redirect-uri-host'
  if (a.protocol !== b.protocol) return 'redirect-uri-scheme'
  if (a.port !== b.port) return 'redirect-uri-port'
  if (a.pathname !== b.pathname) return a.pathname.replace(/\/+$/, '') === b.pathname.replace(/\/+$/, '') ? 'redirect-uri-slash' : 'redirect-uri-path'
  return a.search === b.search ? 'redirect-uri-path' : 'redirect-uri-query'
}

export const request: Check = (evidence) => {
  const { request: asked, refused, canary } = landmarks(evidence)
  const { facts } = evidence
  if (!facts || !asked) return {}
  const { params } = asked
  const scopes = (params['scope'] ?? '').split(' ').filter(Boolean)
  const missing = facts.scope.split(' ').filter((scope) => !scopes.includes(scope))
  const found: Found[] = []
  if (params['response_type'] !== 'code')
    found.push({ id: 'response-type', seen: `la demande porte response_type=« ${params['response_type'] ?? '(absent)'} », au lieu de « code ».` })
  if (params['response_mode'] === 'fragment')
    found.push({ id: 'response-mode', seen: 'la demande porte response_mode=fragment : le serveur du produit ne recevra rien.' })
  if (refused === 'invalid_scope')
    found.push({ id: 'scope-unknown', seen: `le fournisseur ne connaît pas tous les scopes demandés : « ${params['scope']} » (invalid_scope).` })
  if (!scopes.includes('openid')) found.push({ id: 'scope-openid', seen: `la demande ne porte pas le scope openid : « ${params['scope'] ?? ''} ».` })
  else if (missing.length > 0)
    found.push({
      id: 'scope-missing',
      state: canary ? 'attention' : 'erreur',
      seen: `la demande porte « ${params['scope']} » : il manque ${missing.map((scope) => `« ${scope} »`).join(', ')}.`,
    })
  found.push(...level(params['acr_values'], facts.acrValues, canary), ...pkce(params))
  if (found.length > 0) return { found }
  if (refused && refused !== 'access_denied')
    return { found: [{ id: 'request-refused', seen: `le fournisseur a répondu par l'erreur « ${refused} ».` }] }
  return { well: `scope « ${scopes.join(' ')} », acr_values « ${params['acr_values']} », PKCE ${params['code_challenge_method']}.` }
}

function level(asked: string | undefined, wanted: string, canary: boolean): Found[] {
  if (!asked) return [{ id: 'acr-missing', seen: `la demande ne porte pas acr_values, alors que « ${wanted} » est attendu.` }]
  if (asked.split(' ').includes(wanted)) return []
  const state = canary ? 'attention' : 'erreur'
  return [{ id: 'acr-different', state, seen: `la demande porte acr_values=« ${asked} », alors que la cible déclare « ${wanted} ».` }]
}

function pkce(params: Readonly<Record<string, string>>): Found[] {
  if (!params['code_challenge']) return [{ id: 'pkce-missing', seen: 'la demande ne porte pas de défi PKCE (code_challenge).' }]
  const method = params['code_challenge_method'] ?? 'plain'
  return method === 'S256' ? [] : [{ id: 'pkce-plain', seen: `le défi PKCE est envoyé en « ${method} », et non en S256.` }]
}

/** What the `request` check tells by itself. */
function refusedForItsWords(params: Readonly<Record<string, string>>): boolean {
  return params['response_type'] !== 'code' || !(params['scope'] ?? '').split(' ').includes('openid')
}

export const returned: Check = (evidence) => {
  const { callback, trouble, asked, request: sent, canary, refused } = landmarks(evidence)
  const { hops } = evidence
  if (!sent) return {}
  const blocked = hops.find(({ failure }) => failure?.includes('BLOCKED_BY_CSP'))
  if (blocked) return { found: [{ id: 'csp-form-action', seen: `le navigateur a bloqué la navigation vers ${blocked.url} (${blocked.failure}).` }] }
  if (!canary && asked.length > 3)
    return { found: [{ id: 'login-loop', seen: `le produit a renvoyé le navigateur au fournisseur ${asked.length} fois de suite.` }] }
  if (callback?.status === null && !canary)
    return {
      found: [{ id: 'callback-unreachable', seen: `le navigateur ne trouve personne à ${callback.url} (${callback.failure ?? 'sans réponse'}).` }],
    }
  // The browser may tell the page before it tells of the request.
  const [failure] = /net::ERR_\w+/.exec(trouble?.code === 'TARGET_SILENT' ? trouble.sentence : '') ?? []
  if (failure && !callback && !canary)
    return { found: [{ id: 'callback-unreachable', seen: `le navigateur ne trouve personne à ${sent.params['redirect_uri']} (${failure}).` }] }
  if (callback?.status === 404 || callback?.status === 405)
    return { found: [{ id: 'callback-missing', seen: `le produit répond HTTP ${callback.status} à ${callback.url}.` }] }
  if (callback?.status && callback.status >= 500)
    return { found: [{ id: 'callback-error', seen: `le produit répond HTTP ${callback.status} à ${callback.url}.` }] }
  if (trouble?.code === 'TARGET_SILENT' && !canary) return { found: [{ id: 'callback-silent', seen: shortened(trouble.sentence) }] }
  if (!callback) return {}
  return { well: `${callback.url} répond (HTTP ${callback.status})${refused ? `, à l'erreur « ${refused} »` : ''}.` }
}
