import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, type ProtectedHeaderParameters } from 'jose'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type Careless, carelessClaims } from './careless-signature.ts'
import { duplicateClaims, lenientClaims } from './careless-tokens.ts'
import type { Claims } from './claim-checks.ts'

/** What a signature is verified with. */
export interface Keys extends Careless {
  readonly clientSecret: string
  /** Agreed at registration. */
  readonly alg: string
}

/** Three parts of base64url and nothing else (RFC 7515 §5.2 and §7.1). */
export function isCompact(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}

/**
 * Verifies the signature of an ID token and returns its claims: by the algorithm agreed at registration, with a published key chosen by `kid`
 * (OpenID Connect Core 1.0 §3.1.3.7-6 and -7, §10.1). What the token says of its own key (`jwk`, `jku`, `x5c`) is never looked at.
 *
 * @throws Refusal `untrusted`
 */
export async function verifySignature(token: string, keys: Keys, defects: Defects): Promise<Claims> {
  if (defects.has('lenient-compact-parsing')) {
    const found = lenientClaims(token)
    if (found) return found
  }
  const header = headerOf(token)
  if (defects.has('ignores-signature')) return claimsOf(token)
  const unforeseen = Object.keys(header).find((member) => member.startsWith('hospicert_'))
  if (defects.has('crashes-on-unknown-header') && unforeseen) throw new TypeError(`unexpected member: ${unforeseen}`)
  const careless = await carelessClaims(token, header, keys, defects)
  if (careless) return careless
  if (!isCompact(token)) throw new Refusal('untrusted', 'id_token.form')
  if (header.alg !== keys.alg) throw new Refusal('untrusted', 'id_token.alg')
  const published = await keys.published()
  if (defects.has('requires-kid') && header.kid === undefined) throw new Refusal('untrusted', 'id_token.kid')
  const claims = await verifyWith(token, published, keys.alg)
  if (defects.has('reads-header-claims')) return { ...claims, ...header }
  return defects.has('first-duplicate-wins') ? duplicateClaims(token) : claims
}

async function verifyWith(token: string, keys: JSONWebKeySet, alg: string): Promise<Claims> {
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: [alg] })
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
