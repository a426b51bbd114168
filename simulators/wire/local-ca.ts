import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import type { CertificateFlaw } from '#core/fault.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
const OTHER_NAME = 'autre.hospicert.test'

/** PEM texts of a certificate and its private key. */
export interface Identity {
  readonly certificate: string
  readonly privateKey: string
}

/** A certificate authority of this machine, for tests only. */
export interface LocalCa {
  /** PEM of the authority, to be trusted by the product under test. */
  readonly certificate: string
  readonly file: string
  /** A server certificate for DNS names and IPv4 addresses; with one flaw when asked for. */
  issueServer(names: readonly string[], flaw?: CertificateFlaw): Promise<Identity>
  /** A client certificate with this subject, as the RFC 4514 string of a `tls_client_auth` client. */
  issueClient(subject: string): Promise<Identity>
}

/**
 * Opens the authority kept in `folder`, or makes one (key included, readable by its owner only). It is kept between runs so
 * that a product that was told once to trust it still does; it is made again a month before it expires.
 */
export async function openLocalCa(folder: string, now: number): Promise<LocalCa> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const file = join(folder, 'ca.pem')
  const keyFile = join(folder, 'ca.key')
  const kept = existsSync(file) && existsSync(keyFile) ? new x509.X509Certificate(readFileSync(file, 'utf8')) : undefined
  if (!kept || kept.notAfter.getTime() < now + 30 * DAY) await create(folder, file, keyFile, now)
  const certificate = new x509.X509Certificate(readFileSync(file, 'utf8'))
  const signingKey = await importKey(readFileSync(keyFile, 'utf8'))
  const issue = async (subject: string, usage: string, names: x509.JsonGeneralNames, flaw?: CertificateFlaw): Promise<Identity> => {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const stranger = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const issued = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex'),
      subject,
      issuer: flaw === 'self-signed' ? subject : flaw === 'unknown-authority' ? 'CN=Unknown test CA' : certificate.subject,
      notBefore: new Date(now + (flaw === 'not-yet-valid' ? 30 : flaw === 'expired' ? -30 : -1) * DAY),
      notAfter: new Date(now + (flaw === 'expired' ? -1 : 90) * DAY),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey as CryptoKey,
      signingKey:
        flaw === 'self-signed' ? (keys.privateKey as CryptoKey) : flaw === 'unknown-authority' ? (stranger.privateKey as CryptoKey) : signingKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    })
    return { certificate: issued.toString('pem'), privateKey: await exportKey(keys.privateKey as CryptoKey) }
  }
  return {
    certificate: certificate.toString('pem'),
    file,
    issueServer: (names, flaw) =>
      issue(
        `CN=${flaw === 'other-name' ? OTHER_NAME : names[0]}`,
        '1.3.6.1.5.5.7.3.1',
        (flaw === 'other-name' ? [OTHER_NAME] : names).map((value) => ({ type: /^\d+(\.\d+){3}$/.test(value) ? 'ip' : 'dns', value })),
        flaw,
      ),
    // RFC 4514 writes the most specific name first, DER the most general: the generator keeps the order that it is given.
    issueClient: (subject) =>
      issue(
        subject
          .split(/(?<!\\),/)
          .reverse()
          .join(','),
        '1.3.6.1.5.5.7.3.2',
        [],
      ),
  }
}

async function create(folder: string, file: string, keyFile: string, now: number): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex'),
    name: 'CN=HospiCert local test CA',
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + 825 * DAY),
    signingAlgorithm: ALGORITHM,
    keys: keys as CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
    ],
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(keyFile, await exportKey(keys.privateKey as CryptoKey), { mode: 0o600 })
  writeFileSync(file, `${authority.toString('pem')}\n`)
}

async function exportKey(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

async function importKey(pem: string): Promise<CryptoKey> {
  return (await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, true, ['sign'])) as CryptoKey
}
