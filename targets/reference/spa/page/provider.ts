import type { JSONWebKeySet, JWK } from 'jose'
import { OidcClient, type OidcMetadata, WebStorageStateStore } from 'oidc-client-ts'
import { contradicts, hasRepeatedMember } from '../../reading.ts'
import type { Claims } from './id-token.ts'
import { Refusal } from './refusal.ts'
import { configuration, has } from './settings.ts'

const MOST_CHARACTERS = 1_000_000
/** Milliseconds that the provider may take. */
const PATIENCE = 5000

/** The library: requests, state and PKCE of this tab, the exchange of the code. It keeps nothing but requests under way. */
export const client = new OidcClient({
  authority: configuration.issuer,
  metadataUrl: configuration.discoveryUrl,
  client_id: configuration.clientId,
  redirect_uri: configuration.redirectUri,
  post_logout_redirect_uri: configuration.postLogoutRedirectUri,
  response_type: 'code',
  scope: configuration.scope,
  ...(has('no-acr-values') ? {} : { acr_values: configuration.acrValues }),
  disablePKCE: has('no-pkce'),
  filterProtocolClaims: false,
  // Called by us once the ID token is verified.
  loadUserInfo: has('calls-userinfo-first'),
  stateStore: new WebStorageStateStore({ store: sessionStorage }),
})

/** The provider's document, which must speak of the issuer that was configured (OpenID Connect Discovery 1.0 §4.3). */
export async function metadata(): Promise<Partial<OidcMetadata> & { readonly authorization_response_iss_parameter_supported?: boolean }> {
  const document = await client.metadataService.getMetadata().catch(() => {
    throw new Refusal('unavailable', 'decouverte')
  })
  if (document.issuer !== configuration.issuer) throw new Refusal('untrusted', 'decouverte.issuer')
  // What this page calls stands where the issuer is; only the page of the professional may be elsewhere.
  const home = `${new URL(configuration.issuer).origin}/`
  for (const address of [document.token_endpoint, document.userinfo_endpoint, document.jwks_uri])
    if (!address?.startsWith(home)) throw new Refusal('untrusted', 'decouverte.adresse')
  return document
}

export async function publishedKeys(): Promise<JSONWebKeySet> {
  const { jwks_uri = '' } = await metadata()
  const document = await read(jwks_uri, 'cles')
  if (!Array.isArray(document['keys'])) throw new Refusal('untrusted', 'cles')
  const keys = document['keys'] as JSONWebKeySet['keys']
  return { keys: keys.filter((key) => key.kty !== 'RSA' || isStrong(key)) }
}

/** 2048 bits (RFC 7518 §3.3), and an exponent that is no 1 and no 3. */
function isStrong({ n = '', e = '' }: JWK): boolean {
  return n.length > 340 && e !== 'AQ' && e !== 'Aw'
}

/** The identity, with the access token in the header (OpenID Connect Core 1.0 §5.3.1); its subject is that of the ID token (§5.3.2). */
export async function readUserinfo(accessToken: string, claims: Claims | undefined): Promise<Claims> {
  const { userinfo_endpoint = '' } = await metadata()
  const userinfo = await read(userinfo_endpoint, 'identite', { authorization: `Bearer ${accessToken}` })
  if (claims && !has('trusts-userinfo-pivot') && contradicts(userinfo, claims)) throw new Refusal('untrusted', 'identite.pivot')
  if (claims && !has('ignores-userinfo-sub') && JSON.stringify(userinfo['sub']) !== JSON.stringify(claims['sub']))
    throw new Refusal('untrusted', 'identite.sub')
  return userinfo
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function read(url: string, what: string, headers: Record<string, string> = {}): Promise<Claims> {
  const signal = AbortSignal.timeout(PATIENCE)
  const answer = await fetch(url, { headers: { accept: 'application/json', ...headers }, cache: 'no-store', redirect: 'error', signal }).catch(() => {
    throw new Refusal('unavailable', what)
  })
  if (!answer.ok) throw new Refusal(answer.status >= 500 ? 'unavailable' : 'provider', `${what}.http-${answer.status}`)
  const text = await answer.text().catch(() => '')
  if (text.length > MOST_CHARACTERS) throw new Refusal('untrusted', `${what}.taille`)
  const careless = has('ignores-repeated-members') || has('ignores-userinfo-sub')
  if (!careless && hasRepeatedMember(text)) throw new Refusal('untrusted', `${what}.double`)
  const document: unknown = parse(text)
  if (typeof document !== 'object' || document === null) throw new Refusal('untrusted', what)
  return document as Claims
}
