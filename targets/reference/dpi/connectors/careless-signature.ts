import { constants, createHash, createHmac, createPublicKey, type JsonWebKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import type { JSONWebKeySet, JWK, ProtectedHeaderParameters } from 'jose'
import type { Defects } from '../defects.ts'
import type { BackChannel } from './back-channel.ts'
import type { Claims } from './claim-checks.ts'

/** What a careless connector looks at beside the published keys. */
export interface Careless {
  /** The provider's published keys, read again at each call. */
  readonly published: () => Promise<JSONWebKeySet>
  readonly clientSecret: string
  readonly call: BackChannel
}
type Members = Readonly<Record<string, unknown>>

/**
 * The claims of a token that only a defective connector accepts; undefined where the honest verification decides. One paragraph a defect.
 */
export async function carelessClaims(
  token: string,
  header: ProtectedHeaderParameters,
  keys: Careless,
  defects: Defects,
): Promise<Claims | undefined> {
  const alg = header.alg as string | undefined
  const claims = () => claimsIn(token)
  if (alg === 'none' && defects.has('accepts-alg-none')) return claims()
  if (defects.has('alg-none-blocklist') && alg !== 'none' && (!alg || alg.toLowerCase() === 'none')) return claims()
  if (header.kid === undefined && defects.has('kidless-unverified')) return claims()
  const embedded = members(header['jwk'])
  const pointers = { ...embedded, ...header } as Members
  const isSignedBy = (found: readonly (JWK | KeyObject)[]) => found.some((key) => verifies(token, key, alg ?? ''))
  if (defects.has('trusts-header-jwk') && isSignedBy([header['jwk'], json(header.kid)].filter(isJwk))) return claims()
  if (defects.has('trusts-header-x5c') && isSignedBy(certificates(pointers['x5c']))) return claims()
  if (defects.has('follows-jku') || defects.has('follows-x5u') || defects.has('fetches-token-urls')) {
    const addresses = { jku: [pointers['jku'], header['jwk'], header.kid].filter(isAddress), x5u: [pointers['x5u']].filter(isAddress) }
    const fetched = async (url: string) => (await keys.call(url).catch(() => undefined))?.text() ?? ''
    if (defects.has('fetches-token-urls')) await Promise.all([...addresses.jku, ...addresses.x5u].map(fetched))
    if (defects.has('follows-jku')) {
      for (const url of addresses.jku) if (isSignedBy(keysIn(json(await fetched(url))))) return claims()
    }
    if (defects.has('follows-x5u')) {
      for (const url of addresses.x5u) if (isSignedBy(certificates(await fetched(url)))) return claims()
    }
  }
  if (defects.has('looks-kid-up')) {
    // A path that leads nowhere is an empty file; a query gives what it is told to give.
    const looked = header.kid?.includes('../') ? '' : /UNION SELECT '([^']*)'/.exec(header.kid ?? '')?.[1]
    if (looked !== undefined && hmacMatches(token, looked, 'HS256')) return claims()
  }
  if (alg?.startsWith('HS')) {
    if (defects.has('accepts-hs256-secret') && hmacMatches(token, keys.clientSecret, alg)) return claims()
    if (defects.has('accepts-hs256-public-key')) {
      const secrets = (await keys.published()).keys.flatMap(spellings)
      if (secrets.some((secret) => hmacMatches(token, secret, alg))) return claims()
    }
    return undefined
  }
  const published = lazily(async () => (await keys.published()).keys)
  const named = async () => (await published()).filter(({ kid }) => header.kid === undefined || kid === header.kid)
  if (defects.has('trusts-unknown-key') && (await named()).length === 0) return claims()
  if (defects.has('accepts-any-alg') && isSignedBy(await published())) return claims()
  if (defects.has('trusts-any-published-key') && alg === 'RS256' && isSignedBy(await named())) return claims()
  if (defects.has('accepts-weak-keys') && (await named()).some((key) => verifiesByHand(token, key))) return claims()
  if (defects.has('trusts-unreadable-key') && (await named()).some((key) => !readable(key))) return claims()
  if (defects.has('ignores-crit') && header['crit'] !== undefined && isSignedBy(await named())) return claims()
  return undefined
}

/** The usual ways to write a public RSA key, or a part of it, as the bytes of a secret. */
function spellings(jwk: JWK): (string | Buffer)[] {
  if (jwk.kty !== 'RSA') return []
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const parts = [JSON.stringify(jwk), jwk.n, jwk.e, jwk.kty, jwk.alg].filter((part) => part !== undefined)
  const written = (['spki', 'pkcs1'] as const).flatMap((type) => {
    const pem = String(key.export({ type, format: 'pem' }))
    const body = pem.trim().split('\n').slice(1, -1).join('\n')
    const oneLine = pem.replaceAll('\n', '')
    return [pem, pem.replaceAll('\n', '\r\n'), pem.trim(), oneLine, body, body.replaceAll('\n', ''), key.export({ type, format: 'der' })]
  })
  return [...parts, ...written]
}

/** Under whatever algorithm the token names, as long as the key can do it. */
function verifies(token: string, key: JWK | KeyObject, alg: string): boolean {
  const [header, payload, signature = ''] = token.split('.')
  const input = Buffer.from(`${header}.${payload}`)
  try {
    if (!('type' in key) && (key as JWK).kty === 'oct') return hmacMatches(token, Buffer.from(String((key as JWK).k), 'base64url'), alg)
    const publicKey = 'type' in key ? (key as KeyObject) : createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const padding = alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
    const hash = alg === 'EdDSA' ? null : `sha${/\d{3}$/.exec(alg)?.[0] ?? '256'}`
    return verify(hash, input, { key: publicKey, dsaEncoding: 'ieee-p1363', ...padding }, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

function hmacMatches(token: string, secret: string | Buffer, alg: string): boolean {
  const [header, payload, signature] = token.split('.')
  return (
    createHmac(`sha${alg.slice(-3)}`, secret)
      .update(`${header}.${payload}`)
      .digest('base64url') === signature
  )
}

/** RSA as it stands in a textbook: no length, exponent or padding is looked at (RFC 8017 §5.2.2 and §8.2.2). */
function verifiesByHand(token: string, { n, e }: JWK): boolean {
  if (!n || !e) return false
  const [header, payload, signature = ''] = token.split('.')
  const number = (part: string) => BigInt(`0x${Buffer.from(part, 'base64url').toString('hex') || '0'}`)
  let [base, exponent, result] = [number(signature), number(e), 1n]
  const modulus = number(n)
  for (; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) if (exponent & 1n) result = (result * base) % modulus
  const digest = createHash('sha256').update(`${header}.${payload}`).digest('hex')
  return result.toString(16).endsWith(digest)
}

function readable(jwk: JWK): boolean {
  try {
    createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    return jwk.kty === 'RSA' || jwk.kty === 'OKP' || jwk.crv === 'P-256'
  } catch {
    return false
  }
}

/** Certificates in PEM, or in the list of an `x5c`. */
function certificates(source: unknown): KeyObject[] {
  const list = typeof source === 'string' ? (source.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []) : Array.isArray(source) ? source : []
  return list.flatMap((one) => {
    try {
      return [new X509Certificate(String(one).startsWith('-----') ? String(one) : Buffer.from(String(one), 'base64')).publicKey]
    } catch {
      return []
    }
  })
}

function keysIn(document: unknown): JWK[] {
  const { keys } = members(document)
  return Array.isArray(keys) ? keys.filter(isJwk) : []
}

function isJwk(value: unknown): value is JWK {
  return 'kty' in members(value)
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:/.test(value)
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {}
}

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

function claimsIn(token: string): Claims {
  return members(json(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}
