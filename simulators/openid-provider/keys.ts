import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

/** A signing key of a run: never written to disk. */
export interface SigningKey {
  readonly kid: string
  readonly alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA'
  readonly privateKey: KeyObject
  /** Private JWK, as the engine wants it. */
  readonly jwk: Record<string, unknown>
}

/** The provider's keys, and one that it never publishes. `RS256` comes first: it is the one that signs. */
export interface KeyRing {
  readonly keys: readonly [SigningKey, ...SigningKey[]]
  /** A key that is never published, for an algorithm. */
  readonly foreign: (alg: string) => SigningKey
  /** Signs the access tokens, which clients treat as opaque: the cheapest of the keys. */
  readonly accessTokens: SigningKey
  /** SPKI PEM of the first key, which a confused client may take for an HMAC secret. */
  readonly publicPem: string
}

export function createKeyRing(): KeyRing {
  const accessTokens = make('EdDSA')
  const foreignKeys = { RS256: make('RS256'), PS256: make('PS256'), ES256: make('ES256') }
  const foreign = (alg: string) => foreignKeys[alg as keyof typeof foreignKeys] ?? foreignKeys.RS256
  const keys: [SigningKey, ...SigningKey[]] = [make('RS256'), make('PS256'), make('ES256'), accessTokens]
  return {
    keys,
    accessTokens,
    foreign,
    publicPem: createPublicKey(keys[0].privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  }
}

function make(alg: SigningKey['alg']): SigningKey {
  const { privateKey } =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = createHash('sha256').update(randomBytes(16)).digest('base64url')
  return { kid, alg, privateKey, jwk: { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}
