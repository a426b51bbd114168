import type { JSONWebKeySet } from 'jose'
import { createLocalJWKSet } from 'jose/jwks/local'
import { compactVerify } from 'jose/jws/compact/verify'
import { Refusal } from './refusal.ts'
import { configuration, has } from './settings.ts'

export type Claims = Readonly<Record<string, unknown>>

const LEVELS: Readonly<Record<string, number>> = { '0': 0, eidas1: 1, eidas2: 2, eidas3: 3 }
/** Seconds: by which the clocks may differ, that a login may last, that a token may be valid. */
const TOLERANCE = 30
const FRESH = 600
const LONGEST = 86_400

/**
 * What the library leaves to the application: it decodes the ID token of a code flow and trusts the channel. Here the signature is
 * verified with a published key, RS256 as agreed, and every claim is compared (OpenID Connect Core 1.0 §3.1.3.7).
 *
 * @throws Refusal `untrusted`, `level`
 */
export async function verifyIdToken(
  token: string,
  published: () => Promise<JSONWebKeySet>,
  nonce: string | undefined,
  accessToken: string,
): Promise<Claims> {
  const claims = await signedClaims(token, published)
  const { iss, aud, azp, sub, exp, nbf, iat } = claims
  const now = Date.now() / 1000
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const mine = configuration.clientId
  refuseUnless(has('ignores-iss') || iss === configuration.issuer, 'iss')
  refuseUnless(has('ignores-aud') || audiences.includes(mine), 'aud')
  refuseUnless(has('ignores-aud') || has('ignores-multiple-aud') || audiences.every((one) => one === mine), 'aud-untrusted')
  refuseUnless(has('ignores-azp') || azp === undefined || azp === mine, 'azp')
  refuseUnless(sub !== undefined && (has('accepts-malformed-sub') || (typeof sub === 'string' && /^[\x20-\x7e]{1,255}$/.test(sub))), 'sub')
  refuseUnless(has('ignores-exp') || (typeof exp === 'number' && exp > now - TOLERANCE), 'exp')
  refuseUnless(nbf === undefined || (typeof nbf === 'number' && nbf <= now + TOLERANCE), 'nbf')
  refuseUnless(has('ignores-exp') || Number(exp) < now + LONGEST, 'exp-sans-fin')
  refuseUnless(typeof iat === 'number' && iat > now - FRESH && iat <= now + TOLERANCE, 'iat')
  refuseUnless(claims['at_hash'] === undefined || claims['at_hash'] === (await leftHalf(accessToken)), 'at_hash')
  refuseUnless(has('ignores-nonce') || nonce === undefined || claims['nonce'] === nonce, 'nonce')
  checkLevel(claims['acr'])
  return claims
}

async function signedClaims(token: string, published: () => Promise<JSONWebKeySet>): Promise<Claims> {
  if (has('ignores-signature')) return decode(token.split('.')[1])
  // Three parts of base64url and nothing else: the library forgives more (RFC 7515 §5.2).
  refuseUnless(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token), 'forme')
  const keys = await published()
  try {
    const { payload } = await compactVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] })
    return JSON.parse(new TextDecoder().decode(payload)) as Claims
  } catch {
    throw new Refusal('untrusted', 'jeton.signature')
  }
}

/** The left half of the SHA-256, in base64url (OpenID Connect Core 1.0 §3.1.3.6). */
async function leftHalf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const half = String.fromCharCode(...new Uint8Array(digest).subarray(0, 16))
  return btoa(half).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The level received is at least the one requested; absent, unknown or lower is refused. */
function checkLevel(acr: unknown): void {
  if (has('ignores-acr')) return
  if (acr === undefined) {
    if (has('accepts-missing-acr')) return
    throw new Refusal('level', 'jeton.acr-absent')
  }
  const level = typeof acr === 'string' && Object.hasOwn(LEVELS, acr) ? LEVELS[acr] : undefined
  if (level === undefined) {
    if (has('accepts-unknown-acr')) return
    throw new Refusal('level', 'jeton.acr-inconnu')
  }
  const needed = Math.min(...configuration.acrValues.split(' ').map((value) => LEVELS[value] ?? Number.POSITIVE_INFINITY))
  if (level < needed && !has('accepts-lower-acr')) throw new Refusal('level', 'jeton.acr-insuffisant')
  if (level > needed && has('rejects-higher-acr')) throw new Refusal('level', 'jeton.acr-superieur')
}

function refuseUnless(holds: boolean, claim: string): void {
  if (!holds) throw new Refusal('untrusted', `jeton.${claim}`)
}

/** A part of a token as JSON; what the defective page takes for verified. */
function decode(part = ''): Claims {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims
  } catch {
    throw new Refusal('untrusted', 'jeton.illisible')
  }
}
