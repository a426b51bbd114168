import { type Exchange, exchangesAt } from '#core/journal.ts'
import type { Target } from '#core/target.ts'
import type { Evidence } from '../evidence.ts'
import { type Check, type Found, landmarks, shortened, tlsTroubles } from '../found.ts'
import { signIn } from '../log-signs.ts'
import { cookies } from './cookies.ts'

export const token: Check = (evidence) => {
  const { token: call, callback, request, refused } = landmarks(evidence)
  if (!call) {
    if (!callback || callback.status === null || refused || !request || callback.status >= 500 || [404, 405].includes(callback.status)) return {}
    if (request.params['response_type'] !== 'code') return {}
    if ((cookies(evidence).found?.length ?? 0) > 0 || tlsTroubles(evidence.stray).length > 0) return {}
    const sign = signIn(evidence.log, 'simulator-name', 'simulator-refused', 'simulator-proxy')
    const said = sign ? ` Le produit écrit : ${sign.line}` : ''
    return {
      found: [{ id: 'token-not-called', seen: `le produit n'a pas appelé le point de jeton après le retour du fournisseur.${said}` }],
    }
  }
  if (call.status === 200) return ofMethod(call, evidence)
  return { found: [ofError(call, request, evidence)] }
}

/** The simulator, as Pro Santé Connect, takes a secret in either place: what the target declares must be true all the same. */
function ofMethod({ clientAuth: used }: Exchange, { target }: Evidence): ReturnType<Check> {
  const { auth } = target.client
  if (used === undefined || used === auth) return { well: auth === 'none' ? 'Client public, sans secret.' : `${auth} est accepté.` }
  const seen = `le produit s'authentifie par « ${used} », que le fournisseur accepte aussi, mais la cible déclare « ${auth} ».`
  return { found: [{ id: 'client-auth-method', state: 'attention', seen }] }
}

function ofError(call: Exchange, request: Exchange | undefined, { target, facts }: Evidence): Found {
  const { params, clientAuth: used = 'aucune', error = `HTTP ${call.status}` } = call
  const { auth } = target.client
  const description = (call.response as { error_description?: string } | undefined)?.error_description
  const said = description ? ` (« ${shortened(description, 120)} »)` : ''
  const refused = 'le fournisseur refuse le client (invalid_client) :'
  if (params['client_secret'] && call.requestHeaders['authorization'])
    return { id: 'client-auth-twice', seen: `le produit s'authentifie deux fois dans la même requête : en-tête Authorization et formulaire${said}.` }
  if (error === 'invalid_client' && used !== auth)
    return { id: 'client-auth-method', seen: `${refused} le produit s'authentifie par « ${used} », la cible déclare « ${auth} ».` }
  if (error === 'invalid_client') return ofProof(target, refused)
  const [asked, given] = [request?.params['redirect_uri'], params['redirect_uri']]
  if (error === 'invalid_grant' && asked !== given)
    return {
      id: 'token-redirect-uri',
      seen: `au point de jeton, redirect_uri vaut « ${given ?? '(absent)'} », alors que la demande portait « ${asked ?? facts?.redirectUri} » (invalid_grant).`,
    }
  if (error === 'invalid_grant' && request?.params['code_challenge'] && !params['code_verifier'])
    return { id: 'token-verifier', seen: 'la demande portait un défi PKCE, mais code_verifier manque au point de jeton (invalid_grant).' }
  return { id: 'token-refused', seen: `le point de jeton a répondu « ${error} »${said}.` }
}

/** The method is the one agreed upon: what the product proves itself with is not. */
function ofProof({ client: { auth, secretEnv } }: Target, refused: string): Found {
  const told = (proof: string) => `${refused} la méthode est bien « ${auth} », mais ${proof} n'est pas ce que la cible déclare.`
  if (auth === 'tls_client_auth') return { id: 'client-certificate', seen: told('le certificat présenté'), target: 'client.certificateSubject' }
  if (auth === 'private_key_jwt') return { id: 'client-key', seen: told('la clé présentée'), target: 'client.jwksFile' }
  const source = secretEnv ?? 'HOSPICERT_CLIENT_SECRET'
  return {
    id: 'client-secret',
    seen: told('le secret présenté'),
    target: secretEnv ? 'client.secretEnv' : 'start',
    change: `Donnez au produit le secret de la variable d'environnement ${source}, au caractère près.`,
  }
}

export const identity: Check = (evidence) => {
  const { issued, userinfo, canary, look, request } = landmarks(evidence)
  if (!issued) return {}
  const { target, stray, login, log } = evidence
  const keys = [...exchangesAt(stray, 'jwks'), ...exchangesAt(login, 'jwks')]
  const said = look?.refusal ? ` Sa page dit : « ${shortened(look.refusal, 160)} »` : ''
  if (userinfo && userinfo.status !== 200)
    return {
      found: [{ id: 'userinfo-refused', seen: `le UserInfo a répondu HTTP ${userinfo.status}${userinfo.error ? ` (${userinfo.error})` : ''}.` }],
    }
  if (canary && !userinfo && target.capabilities.includes('userinfo'))
    return {
      found: [{ id: 'userinfo-not-called', seen: "le canari est connecté, mais le produit n'a pas appelé le UserInfo que la cible déclare." }],
    }
  if (canary || userinfo)
    return { well: `${keys.length > 0 ? 'Clés lues' : 'Clés déjà connues'}, jeton d'identité accepté${userinfo ? ', UserInfo appelé' : ''}.` }
  const sign = signIn(log, 'id-token-clock', 'issuer-mismatch')
  const written = sign ? ` Le produit écrit : ${sign.line}` : ''
  if (sign?.id === 'id-token-clock') return { found: [{ id: 'id-token-clock', seen: `le produit refuse les dates du jeton d'identité.${written}` }] }
  // Another level was asked for than the one that is given: the refusal is right, and told by the request.
  if (!request?.params['acr_values']?.split(' ').includes(evidence.facts?.acrValues ?? '')) return {}
  if (keys.length === 0)
    return {
      found: [{ id: 'jwks-not-read', seen: `le produit a reçu le jeton d'identité, n'a pas lu les clés du fournisseur, et s'est arrêté là.${said}` }],
    }
  return { found: [{ id: 'id-token-refused', seen: `le produit a reçu le jeton d'identité et s'est arrêté avant le UserInfo.${said}${written}` }] }
}
