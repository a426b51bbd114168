import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { type KeyRing, publicJwk, type SigningKey } from './keys.ts'

/** Certificates of signing keys as `x5c` wants them (RFC 7515 §4.1.6): DER in base64. All are self-signed, as Keycloak's are. */
export interface Certificates {
  /** Of the published key of an algorithm. */
  published(alg: string): string
  readonly hostile: string
  /** Of the same key, and long past. */
  expired(alg: string): string
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000

/** @param now milliseconds */
export async function issueCertificates({ keys, foreign }: KeyRing, now: number): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const certified = keys.filter(({ alg }) => alg !== 'EdDSA')
  const ofEach = async (from: number) =>
    new Map(await Promise.all(certified.map(async (key) => [key.alg as string, await selfSigned(key, from)] as const)))
  const [valid, past] = [await ofEach(now), await ofEach(now - 800 * DAY)]
  return {
    published: (alg) => valid.get(alg) ?? '',
    hostile: await selfSigned(foreign('RS256'), now),
    expired: (alg) => past.get(alg) ?? '',
  }
}

async function selfSigned(key: SigningKey, from: number): Promise<string> {
  const algorithm = key.alg === 'ES256' ? EC : RSA
  // Named for no algorithm: a certificate says what the key is, not how it signs tokens.
  const load = ({ alg: _, use: __, ...jwk }: Record<string, unknown>, usage: 'sign' | 'verify') =>
    webcrypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, true, [usage])
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=esante-wallet',
    notBefore: new Date(from - DAY),
    notAfter: new Date(from + 365 * DAY),
    signingAlgorithm: algorithm,
    keys: { privateKey: (await load(key.jwk, 'sign')) as CryptoKey, publicKey: (await load(publicJwk(key), 'verify')) as CryptoKey },
  })
  return Buffer.from(made.rawData).toString('base64')
}
