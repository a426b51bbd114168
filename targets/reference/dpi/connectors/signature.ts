import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, type ProtectedHeaderParameters } from 'jose'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import type { Claims } from './claim-checks.ts'

/** What a signature is verified with. */
export interface Keys {
  /** The provider's published keys, read again at each call. */
  readonly published: () => Promise<JSONWebKeySet>
  readonly clientSecret: string
  /** Agreed at registration. */
  readonly alg: string
}

/**
 * Verifies the signature of an ID token and returns its claims: by the algorithm agreed at registration, with a published key chosen by `kid`
 * (OpenID Connect Core 1.0 §3.1.3.7-6 and -7, §10.1). What the token says of its own key (`jwk`, `jku`, `x5c`) is never looked at.
 *
 * @throws Refusal `untrusted`
 */
export async function verifySignature(token: string, keys: Keys, defects: Defects): Promise<Claims> {
  const header = headerOf(token)
  if (defects.has('ignores-signature')) return claimsOf(token)
  if (header.alg === 'none' && defects.has('accepts-alg-none')) return claimsOf(token)
  if (header.alg === 'HS256') return verifyShared(token, keys, defects)
  if (header.alg !== keys.alg) throw new Refusal('untrusted', 'id_token.alg')
  const published = await keys.published()
  const known = header.kid === undefined || published.keys.some(({ kid }) => kid === header.kid)
  if (!known && defects.has('trusts-unknown-key')) return claimsOf(token)
  return verifyWith(token, published, keys.alg)
}

/** HS256 was never agreed upon; only a defective DPI tries. */
async function verifyShared(token: string, keys: Keys, defects: Defects): Promise<Claims> {
  const secrets: (string | Buffer)[] = []
  if (defects.has('accepts-hs256-secret')) secrets.push(keys.clientSecret)
  if (defects.has('accepts-hs256-public-key')) secrets.push(...(await keys.published()).keys.flatMap(spellings))
  for (const secret of secrets) {
    const claims = await verifyWith(token, new Uint8Array(Buffer.from(secret as string)), 'HS256').catch(() => undefined)
    if (claims) return claims
  }
  throw new Refusal('untrusted', 'id_token.alg')
}

/** The usual ways to write a public RSA key as bytes. */
function spellings(jwk: object): (string | Buffer)[] {
  if (!('kty' in jwk) || jwk.kty !== 'RSA') return []
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const pem = (['spki', 'pkcs1'] as const).map((type) => String(key.export({ type, format: 'pem' })))
  return [...pem, ...pem.map((text) => text.trim()), key.export({ type: 'spki', format: 'der' })]
}

async function verifyWith(token: string, key: Uint8Array | JSONWebKeySet, alg: string): Promise<Claims> {
  try {
    if (key instanceof Uint8Array) await compactVerify(token, key, { algorithms: [alg] })
    else await compactVerify(token, createLocalJWKSet(key), { algorithms: [alg] })
  } catch (error) {
    throw new Refusal('untrusted', 'id_token.signature', error)
  }
  return claimsOf(token)
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token)
  } catch (error) {
    throw new Refusal('untrusted', 'id_token.header', error)
  }
}

function claimsOf(token: string): Claims {
  try {
    return decodeJwt(token)
  } catch (error) {
    throw new Refusal('untrusted', 'id_token.payload', error)
  }
}
