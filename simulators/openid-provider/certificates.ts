import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { type KeyRing, publicJwk, type SigningKey } from './keys.ts'

/** Certificates of signing keys as `x5c` wants them (RFC 7515 §4.1.6): DER in base64. All are self-signed, as Keycloak's are. */
export interface Certificates {
  readonly published: string
  readonly hostile: string
  /** Of the published key, and long past. */
  readonly expired: string
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const DAY = 86_400_000

/** @param now milliseconds */
export async function issueCertificates({ keys, foreign }: KeyRing, now: number): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  return {
    published: await selfSigned(keys[0], now),
    hostile: await selfSigned(foreign('RS256'), now),
    expired: await selfSigned(keys[0], now - 800 * DAY),
  }
}

async function selfSigned(key: SigningKey, from: number): Promise<string> {
  const load = (jwk: object, usage: 'sign' | 'verify') => webcrypto.subtle.importKey('jwk', jwk as JsonWebKey, RSA, true, [usage])
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=esante-wallet',
    notBefore: new Date(from - DAY),
    notAfter: new Date(from + 365 * DAY),
    signingAlgorithm: RSA,
    keys: { privateKey: (await load(key.jwk, 'sign')) as CryptoKey, publicKey: (await load(publicJwk(key), 'verify')) as CryptoKey },
  })
  return Buffer.from(made.rawData).toString('base64')
}
