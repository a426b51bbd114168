import type { JSONWebKeySet, JWK } from 'jose'

const MIN_RSA_BYTES = 256
const MIN_RSA_EXPONENT = 65537

/**
 * The keys that may be used at all: an RSA key is 2048 bits long (RFC 7518 §3.3) and its exponent at least 65537, as the ANSSI's
 * cryptographic guide recommends. The others are left aside as if they were not there.
 */
export function trustworthy(set: JSONWebKeySet): JSONWebKeySet {
  if (!Array.isArray(set.keys)) return { keys: [] }
  return { ...set, keys: set.keys.filter((key) => key !== null && typeof key === 'object' && (key.kty !== 'RSA' || isStrong(key))) }
}

function isStrong({ n, e }: JWK): boolean {
  const exponent = Buffer.from(e ?? '', 'base64url')
  return (
    Buffer.from(n ?? '', 'base64url').length >= MIN_RSA_BYTES && (exponent.length > 4 || Number(`0x${exponent.toString('hex')}`) >= MIN_RSA_EXPONENT)
  )
}

/** What a brittle connector was not written for; an honest one passes over it (RFC 7517 §5). */
export function isOdd({ kty, use, key_ops, kid, d, k }: JWK): boolean {
  return (
    !['RSA', 'EC', 'OKP'].includes(kty ?? '') || use !== 'sig' || key_ops !== undefined || kid === undefined || d !== undefined || k !== undefined
  )
}
