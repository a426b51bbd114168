import { createHash } from 'node:crypto'
import type { Defects } from '../defects.ts'

/** What the claims of an ID token are compared with. */
export interface Expected {
  readonly issuer: string
  readonly clientId: string
  readonly nonce?: string | undefined
  readonly accessToken: string
  /** Seconds since the authentication, at most; undefined when it was not asked for. */
  readonly maxAge?: number | undefined
  /** Seconds since the epoch. */
  readonly now: number
}

/** Claims as received: of any type, since nothing says yet that they are well formed. */
export type Claims = Readonly<Record<string, unknown>>

/** One rule on the claims: the name of the claim that breaks it, or null. */
export type ClaimCheck = (claims: Claims, expected: Expected, defects: Defects) => string | null

/** Seconds by which the clocks may differ. */
export const TOLERANCE = 30
/** Seconds that a login may last, and that an ID token may be valid. */
const FRESH = 600
const LONGEST = 86_400

/** OpenID Connect Core 1.0 §3.1.3.7-2. */
export const issuer: ClaimCheck = ({ iss }, expected, defects) => {
  if (defects.has('ignores-iss') || defects.has('keys-by-claimed-issuer')) return null
  if (iss === undefined || iss === '') return defects.has('ignores-missing-iss') ? null : 'iss'
  if (defects.has('compares-iss-loosely') && loosely(iss, expected.issuer)) return null
  return iss === expected.issuer ? null : 'iss'
}

/** What a careless connector calls the same issuer: without scheme, port, case or last slash, or one the beginning of the other. */
function loosely(iss: unknown, expected: string): boolean {
  const bare = (issuer: unknown) =>
    String(issuer)
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/:\d+/, '')
      .replace(/\/$/, '')
  return bare(iss).startsWith(bare(expected)) || bare(expected).startsWith(bare(iss))
}

/** §3.1.3.7-3: the client is among the audiences. */
export const audience: ClaimCheck = ({ aud }, expected, defects) => {
  if (Array.isArray(aud) && defects.has('rejects-aud-array')) return 'aud'
  if (defects.has('ignores-aud')) return null
  if (defects.has('compares-audience-loosely'))
    return JSON.stringify(aud ?? '')
      .toLowerCase()
      .includes(expected.clientId.toLowerCase())
      ? null
      : 'aud'
  if (aud === undefined) return defects.has('ignores-missing-aud') ? null : 'aud'
  return (Array.isArray(aud) ? aud : [aud]).includes(expected.clientId) ? null : 'aud'
}

/** §3.1.3.7-3: no audience that the client does not trust; the DPI trusts no other. */
export const onlyAudience: ClaimCheck = ({ aud }, expected, defects) => {
  if (defects.has('ignores-multiple-aud') || defects.has('compares-audience-loosely') || defects.has('ignores-aud') || !Array.isArray(aud))
    return null
  return aud.every((one) => one === expected.clientId) ? null : 'aud-untrusted'
}

/** §3.1.3.7-5. */
export const authorizedParty: ClaimCheck = ({ azp }, expected, defects) =>
  azp === undefined || azp === expected.clientId || defects.has('ignores-azp') ? null : 'azp'

/** §2 and §5.1: at most 255 ASCII characters. */
export const subject: ClaimCheck = ({ sub }, _expected, defects) => {
  if (sub === undefined) return defects.has('ignores-missing-sub') ? null : 'sub'
  if (defects.has('accepts-malformed-sub')) return null
  return typeof sub === 'string' && /^[\x20-\x7e]{1,255}$/.test(sub) ? null : 'sub-malformed'
}

/** §3.1.3.7-9. */
export const expiry: ClaimCheck = ({ exp }, { now }, defects) => {
  if (defects.has('ignores-exp')) return null
  if (exp === undefined) return defects.has('ignores-missing-exp') ? null : 'exp'
  const value = defects.has('coerces-exp') ? Number(exp) : exp
  const tolerance = defects.has('wide-clock-tolerance') ? 3600 : TOLERANCE
  return typeof value === 'number' && value > now - tolerance ? null : 'exp'
}

/** A house rule: an identity is proven for a working day at most; whoever says longer has not meant it. */
export const boundedExpiry: ClaimCheck = ({ exp }, { now }, defects) =>
  typeof exp !== 'number' || exp < now + LONGEST || defects.has('accepts-endless-exp') || defects.has('ignores-exp') ? null : 'exp-endless'

/** RFC 7519 §4.1.5. */
export const notBefore: ClaimCheck = ({ nbf }, { now }, defects) =>
  nbf === undefined || defects.has('ignores-nbf') || (typeof nbf === 'number' && nbf <= now + TOLERANCE) ? null : 'nbf'

/** §2: the date of issue is required. */
export const issuedAt: ClaimCheck = ({ iat }, _expected, defects) => {
  if (iat === undefined) return defects.has('ignores-missing-iat') ? null : 'iat'
  return typeof iat === 'number' ? null : 'iat'
}

/** §3.1.3.7-10, which allows it: a token that answers this request was issued in these minutes. */
export const recentlyIssued: ClaimCheck = ({ iat }, { now }, defects) => {
  if (typeof iat !== 'number') return null
  if (iat < now - FRESH && !defects.has('ignores-iat-age')) return 'iat-old'
  return iat > now + TOLERANCE && !defects.has('ignores-future-iat') ? 'iat-future' : null
}

/** §3.1.3.7-11. */
export const nonce: ClaimCheck = (claims, expected, defects) => {
  if (expected.nonce === undefined || defects.has('ignores-nonce')) return null
  if (claims['nonce'] === undefined) return defects.has('ignores-missing-nonce') ? null : 'nonce'
  return claims['nonce'] === expected.nonce ? null : 'nonce'
}

/** §3.1.3.7-13: when max_age was sent, the date of the authentication is required, recent enough, and past. */
export const authenticationTime: ClaimCheck = ({ auth_time }, { maxAge, now }, defects) => {
  if (maxAge === undefined || defects.has('ignores-auth-time')) return null
  if (auth_time === undefined) return defects.has('ignores-missing-auth-time') ? null : 'auth_time'
  if (typeof auth_time !== 'number') return defects.has('accepts-malformed-auth-time') ? null : 'auth_time'
  if (auth_time > now + TOLERANCE) return defects.has('accepts-future-auth-time') ? null : 'auth_time-to-come'
  return auth_time >= now - maxAge - TOLERANCE ? null : 'auth_time-too-old'
}

/** §3.1.3.8: with RS256, the left half of the SHA-256 of the access token. */
export const accessTokenHash: ClaimCheck = ({ at_hash }, { accessToken }, defects) => {
  if (at_hash === undefined || defects.has('ignores-at-hash')) return null
  return at_hash === createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url') ? null : 'at_hash'
}

/** Every rule, in the order in which they are applied. */
export const CLAIM_CHECKS: readonly ClaimCheck[] = [
  issuer,
  audience,
  onlyAudience,
  authorizedParty,
  subject,
  expiry,
  boundedExpiry,
  notBefore,
  issuedAt,
  recentlyIssued,
  nonce,
  authenticationTime,
  accessTokenHash,
]

/** The first rule that the claims break, by the name of the claim; null when none. */
export function firstBreach(claims: Claims, expected: Expected, defects: Defects, checks: readonly ClaimCheck[] = CLAIM_CHECKS): string | null {
  for (const check of checks) {
    const breach = check(claims, expected, defects)
    if (breach !== null) return breach
  }
  return null
}
