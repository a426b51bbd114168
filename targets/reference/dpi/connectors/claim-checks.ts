import { createHash } from 'node:crypto'
import type { Defects } from '../defects.ts'

/** What the claims of an ID token are compared with. */
export interface Expected {
  readonly issuer: string
  readonly clientId: string
  readonly nonce?: string | undefined
  readonly accessToken: string
  /** Seconds since the epoch. */
  readonly now: number
}

/** Claims as received: of any type, since nothing says yet that they are well formed. */
export type Claims = Readonly<Record<string, unknown>>

/** One rule on the claims: the name of the claim that breaks it, or null. */
export type ClaimCheck = (claims: Claims, expected: Expected, defects: Defects) => string | null

/** Seconds by which the clocks may differ. */
export const TOLERANCE = 30

/** OpenID Connect Core 1.0 §3.1.3.7-2. */
export const issuer: ClaimCheck = ({ iss }, expected, defects) => {
  if (defects.has('ignores-iss') || defects.has('keys-by-claimed-issuer')) return null
  if (iss === undefined) return defects.has('ignores-missing-iss') ? null : 'iss'
  return iss === expected.issuer ? null : 'iss'
}

/** §3.1.3.7-3: the client is among the audiences. */
export const audience: ClaimCheck = ({ aud }, expected, defects) => {
  if (Array.isArray(aud) && defects.has('rejects-aud-array')) return 'aud'
  if (defects.has('ignores-aud')) return null
  if (aud === undefined) return defects.has('ignores-missing-aud') ? null : 'aud'
  return (Array.isArray(aud) ? aud : [aud]).includes(expected.clientId) ? null : 'aud'
}

/** §3.1.3.7-3: no audience that the client does not trust; the DPI trusts no other. */
export const onlyAudience: ClaimCheck = ({ aud }, expected, defects) => {
  if (defects.has('ignores-multiple-aud') || defects.has('ignores-aud') || !Array.isArray(aud)) return null
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
  return typeof exp === 'number' && exp > now - TOLERANCE ? null : 'exp'
}

/** RFC 7519 §4.1.5. */
export const notBefore: ClaimCheck = ({ nbf }, { now }, defects) =>
  nbf === undefined || defects.has('ignores-nbf') || (typeof nbf === 'number' && nbf <= now + TOLERANCE) ? null : 'nbf'

/** §2: the date of issue is required. */
export const issuedAt: ClaimCheck = ({ iat }, _expected, defects) => {
  if (iat === undefined) return defects.has('ignores-missing-iat') ? null : 'iat'
  return typeof iat === 'number' ? null : 'iat'
}

/** §3.1.3.7-11. */
export const nonce: ClaimCheck = (claims, expected, defects) => {
  if (expected.nonce === undefined || defects.has('ignores-nonce')) return null
  if (claims['nonce'] === undefined) return defects.has('ignores-missing-nonce') ? null : 'nonce'
  return claims['nonce'] === expected.nonce ? null : 'nonce'
}

/** §3.1.3.8: with RS256, the left half of the SHA-256 of the access token. */
export const accessTokenHash: ClaimCheck = ({ at_hash }, { accessToken }) => {
  if (at_hash === undefined) return null
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
  notBefore,
  issuedAt,
  nonce,
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
