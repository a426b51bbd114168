import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Json } from '#core/fault.ts'

/** A signing key of a run: never written to disk. */
export interface SigningKey {
  readonly kid: string
  readonly alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA'
  readonly privateKey: KeyObject
  /** Private JWK, as the engine wants it. */
  readonly jwk: Record<string, unknown>
}

/** Too weak to be trusted, whoever publishes them. Of `exponent-1` there is no private key: its signatures are the padded digest itself. */
export type WeakKey = '1024' | 'exponent-1' | 'exponent-3'

/** The provider's keys, and those that it never publishes. `RS256` comes first: it is the one that signs. */
export interface KeyRing {
  readonly keys: readonly [SigningKey, ...SigningKey[]]
  /** A key that is never published, for an algorithm. */
  foreign(alg: string): SigningKey
  /** Signs the access tokens, which clients treat as opaque: the cheapest of the keys. */
  readonly accessTokens: SigningKey
  /** What a rotation brings in, for an algorithm; published by the faults that rotate. Like the foreign and the weak ones, made when first asked for. */
  next(alg: string): SigningKey
  weak(kind: WeakKey): SigningKey
}

export function createKeyRing(): KeyRing {
  const accessTokens = make('EdDSA')
  const made = new Map<string, SigningKey>()
  const once = (name: string, build: () => SigningKey): SigningKey => {
    const key = made.get(name) ?? build()
    made.set(name, key)
    return key
  }
  const foreign = (alg: string) => once(`foreign-${isKnown(alg) ? alg : 'RS256'}`, () => make(isKnown(alg) ? alg : 'RS256'))
  return {
    keys: [make('RS256'), make('PS256'), make('ES256'), accessTokens],
    accessTokens,
    foreign,
    next: (alg) => {
      if (alg === 'ES256') return once('next-EC', () => make('ES256'))
      const key = once('next-RSA', () => make('RS256'))
      return alg === 'PS256' ? { ...key, alg, jwk: { ...key.jwk, alg } } : key
    },
    weak: (kind) => once(kind, () => makeWeak(kind, foreign('RS256'))),
  }
}

function isKnown(alg: string): alg is 'RS256' | 'PS256' | 'ES256' {
  return ['RS256', 'PS256', 'ES256'].includes(alg)
}

/** The public members of a key. */
export function publicJwk({ jwk }: SigningKey): { readonly [member: string]: Json } {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = jwk
  return open as { readonly [member: string]: Json }
}

export function publicKeyOf({ privateKey }: SigningKey): KeyObject {
  return createPublicKey(privateKey)
}

function make(alg: SigningKey['alg']): SigningKey {
  const { privateKey } =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return describe(alg, privateKey, createHash('sha256').update(randomBytes(16)).digest('base64url'))
}

function makeWeak(kind: WeakKey, foreign: SigningKey): SigningKey {
  const kid = `hospicert-weak-${kind}`
  if (kind === 'exponent-1') return { ...foreign, kid, jwk: { ...publicJwk(foreign), kid, e: 'AQ' } }
  const { privateKey } = generateKeyPairSync('rsa', kind === '1024' ? { modulusLength: 1024 } : { modulusLength: 2048, publicExponent: 3 })
  return describe('RS256', privateKey, kid)
}

function describe(alg: SigningKey['alg'], privateKey: KeyObject, kid: string): SigningKey {
  return { kid, alg, privateKey, jwk: { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}
