import 'reflect-metadata'
import { createPublicKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import * as x509 from '@peculiar/x509'
import type { Clock } from '#core/clock.ts'
import { toHex } from '../os/bytes.ts'
import { type Holder, principalName, subjectOf } from './names.ts'

const DAY = 86_400_000
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'
const SMARTCARD_LOGON = '1.3.6.1.4.1.311.20.2.2'
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export type CertificatePurpose = 'authentication' | 'signature' | 'technical'

export interface CertificateRequest {
  readonly purpose: CertificatePurpose
  readonly holder: Holder
  readonly publicKey: KeyObject
  /** Milliseconds since 1970; three years from now unless told. */
  readonly notBefore?: number
  readonly notAfter?: number
}

/** Why a certificate is no longer good (RFC 5280 §5.3.1). */
export interface Revocation {
  readonly at: number
  readonly reason: 'keyCompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation' | 'certificateHold'
}

export interface IssuedCertificate {
  readonly der: Uint8Array
  readonly pem: string
  /** Upper-case hexadecimal. */
  readonly serial: string
}

/** A key that signs for the authority, and the certificate that says so. */
export interface Signer {
  readonly certificate: x509.X509Certificate
  readonly key: KeyObject
}

/** A fictional authority for cards: root, issuing authority, OCSP responder. Its keys live in memory and die with the run. */
export interface CardAuthority {
  readonly root: x509.X509Certificate
  readonly issuing: x509.X509Certificate
  /** PEM of both: what a product is told to trust. */
  readonly chain: string
  readonly signer: Signer
  readonly responder: Signer
  issue(request: CertificateRequest): Promise<IssuedCertificate>
  revoke(serial: string, revocation: Revocation): void
  /** `unknown` is a serial number that it never gave. */
  statusOf(serial: string): 'good' | 'unknown' | Revocation
  readonly revoked: () => ReadonlyMap<string, Revocation>
}

const generate = promisify(generateKeyPair)

/** A new RSA-2048 pair, as the keys of cards are. */
export function createKeyPair(): Promise<KeyPair> {
  return generate('rsa', { modulusLength: 2048 })
}

/**
 * Makes an authority. `name` tells several apart in their subjects; `address` is where its OCSP responder (`/ocsp`), revocation list
 * (`/crl`) and own certificate (`/ca`) are served. Nothing in its names could be taken for a real authority.
 */
export async function createCardAuthority(options: {
  readonly clock: Clock
  readonly address: string
  readonly name?: string
}): Promise<CardAuthority> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const { clock, address, name = 'HOSPICERT' } = options
  const [rootPair, issuingPair, responderPair] = await Promise.all([createKeyPair(), createKeyPair(), createKeyPair()])
  const subject = (role: string) => `C=FR, O=ORGANISATION FICTIVE, OU=SIMULATEUR ${name}, CN=${role} FICTIVE ${name}`
  const now = clock.now()
  const root = await certify({
    subject: subject('AC RACINE'),
    issuer: { subject: subject('AC RACINE'), key: rootPair.privateKey },
    publicKey: rootPair.publicKey,
    notBefore: now - 30 * DAY,
    notAfter: now + 3650 * DAY,
    extensions: authorityExtensions(1),
  })
  const issuing = await certify({
    subject: subject('AC PERSONNES'),
    issuer: { subject: root.subjectName, key: rootPair.privateKey, certificate: root },
    publicKey: issuingPair.publicKey,
    notBefore: now - 30 * DAY,
    notAfter: now + 1825 * DAY,
    extensions: authorityExtensions(0),
  })
  const issuer = { subject: issuing.subjectName, key: issuingPair.privateKey, certificate: issuing }
  const responder = await certify({
    subject: subject('OCSP'),
    issuer,
    publicKey: responderPair.publicKey,
    notBefore: now - DAY,
    notAfter: now + 365 * DAY,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([OCSP_SIGNING]),
      new x509.Extension(OCSP_NO_CHECK, false, Uint8Array.of(5, 0)),
    ],
  })
  const given = new Set<string>()
  const revoked = new Map<string, Revocation>()
  return {
    root,
    issuing,
    chain: `${issuing.toString('pem')}\n${root.toString('pem')}\n`,
    signer: { certificate: issuing, key: issuingPair.privateKey },
    responder: { certificate: responder, key: responderPair.privateKey },
    async issue({ purpose, holder, publicKey, notBefore = clock.now() - DAY, notAfter = notBefore + 1095 * DAY }) {
      const extensions = [
        ...purposeExtensions(purpose, holder),
        new x509.CRLDistributionPointsExtension([`${address}/crl`]),
        new x509.AuthorityInfoAccessExtension({ ocsp: `${address}/ocsp`, caIssuers: `${address}/ca` }),
      ]
      const made = await certify({ subject: subjectOf(holder), issuer, publicKey, notBefore, notAfter, extensions })
      const serial = made.serialNumber.toUpperCase()
      given.add(serial)
      return { der: new Uint8Array(made.rawData), pem: made.toString('pem'), serial }
    },
    revoke(serial, revocation) {
      revoked.set(serial, revocation)
    },
    statusOf: (serial) => revoked.get(serial) ?? (given.has(serial) ? 'good' : 'unknown'),
    revoked: () => revoked,
  }
}

interface Certification {
  readonly subject: string | x509.JsonName
  readonly issuer: { readonly subject: string | x509.Name; readonly key: KeyObject; readonly certificate?: x509.X509Certificate }
  readonly publicKey: KeyObject
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly x509.Extension[]
}

async function certify({ subject, issuer, publicKey, notBefore, notAfter, extensions }: Certification): Promise<x509.X509Certificate> {
  const key = new x509.PublicKey(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' }))
  return x509.X509CertificateGenerator.create({
    // Positive, and never shorter than it says: the first byte is 40 to 7F.
    serialNumber: toHex(webcrypto.getRandomValues(new Uint8Array(16)).map((byte, index) => (index === 0 ? 0x40 | (byte & 0x3f) : byte))),
    subject,
    issuer: issuer.subject,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    signingAlgorithm: ALGORITHM,
    publicKey: key,
    signingKey: signingKey(issuer.key),
    extensions: [
      ...(extensions.some((one) => one instanceof x509.BasicConstraintsExtension) ? [] : [new x509.BasicConstraintsExtension(false)]),
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(key),
      ...(issuer.certificate ? [await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey)] : []),
    ],
  })
}

/** The key as the certificate library takes it. */
export function signingKey(key: KeyObject): CryptoKey {
  return key.toCryptoKey(ALGORITHM, false, ['sign']) as CryptoKey
}

function authorityExtensions(pathLength: number): readonly x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]
}

/** Only the authentication certificate may authenticate a client; the one for signatures says nonRepudiation alone; the technical one has no use named. */
function purposeExtensions(purpose: CertificatePurpose, holder: Holder): readonly x509.Extension[] {
  if (purpose === 'signature') return [new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true)]
  const usage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)
  if (purpose === 'technical') return [usage]
  return [
    usage,
    new x509.ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION, SMARTCARD_LOGON]),
    new x509.SubjectAlternativeNameExtension([{ type: 'upn', value: principalName(holder.nationalId) }]),
  ]
}
