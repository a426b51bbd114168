import { createHash, type KeyObject, sign } from 'node:crypto'
import { concat, equal, hex, toHex } from '../os/bytes.ts'
import { der } from '../os/der.ts'
import { parseTlvs, type Tlv, tlv } from '../os/tlv.ts'
import type { CardAuthority, Revocation } from './authority.ts'
import type { OcspState } from './revocation-state.ts'

const BASIC = '1.3.6.1.5.5.7.48.1.1'
const NONCE = hex('06092B0601050507300102')
const SHA256_RSA = '1.2.840.113549.1.1.11'
const HASHES: Readonly<Record<string, string>> = { '06052B0E03021A': 'sha1', '0609608648016503040201': 'sha256' }
const REASONS = { keyCompromise: 1, affiliationChanged: 3, superseded: 4, cessationOfOperation: 5, certificateHold: 6 } as const

/** What an OCSP client asks (RFC 6960 §4.1.1), one certificate at a time. */
export interface OcspRequest {
  /** The whole CertID, as it goes back. */
  readonly certId: Uint8Array
  readonly hash: string
  readonly nameHash: Uint8Array
  readonly keyHash: Uint8Array
  /** Upper-case hexadecimal. */
  readonly serial: string
  readonly nonce?: Uint8Array
}

/** Reads a request in DER; undefined for anything else. */
export function readOcspRequest(bytes: Uint8Array): OcspRequest | undefined {
  const tbs = inside(inside(parseTlvs(bytes), 0x30), 0x30)
  const first = inside(inside(tbs, 0x30), 0x30)
  const id = first?.[0]
  const [algorithm, nameHash, keyHash, serial] = inside(first, 0x30) ?? []
  const oid = algorithm && inside([algorithm], 0x30)?.[0]
  const hash = oid && HASHES[toHex(tlv(oid.tag, oid.value))]
  if (!id || !hash || nameHash?.tag !== 0x04 || keyHash?.tag !== 0x04 || serial?.tag !== 0x02) return undefined
  const nonce = inside(inside(tbs, 0xa2), 0x30)?.find(({ value }) => equal(value.slice(0, NONCE.length), NONCE))
  return {
    certId: tlv(0x30, id.value),
    hash,
    nameHash: nameHash.value,
    keyHash: keyHash.value,
    serial: toHex(serial.value[0] === 0 && serial.value.length > 1 ? serial.value.slice(1) : serial.value),
    ...(nonce && { nonce: tlv(0x30, nonce.value) }),
  }
}

/** The objects inside the first object of this tag. */
function inside(objects: readonly Tlv[] | undefined, tag: number): readonly Tlv[] | undefined {
  const found = objects?.find((one) => one.tag === tag)
  return found && parseTlvs(found.value)
}

/** True when the question is about a certificate of this authority. */
export function isAbout({ hash, nameHash, keyHash }: OcspRequest, { issuing }: CardAuthority): boolean {
  const digest = (bytes: ArrayBuffer | Uint8Array) => new Uint8Array(createHash(hash).update(new Uint8Array(bytes)).digest())
  return equal(digest(issuing.subjectName.toArrayBuffer()), nameHash) && equal(digest(publicBits(issuing.publicKey.rawData)), keyHash)
}

/** The bits of a public key inside its SubjectPublicKeyInfo, without the count of unused ones. */
function publicBits(spki: ArrayBuffer): Uint8Array {
  const bits = inside(parseTlvs(new Uint8Array(spki)), 0x30)?.find(({ tag }) => tag === 0x03)
  return bits?.value.slice(1) ?? new Uint8Array()
}

/** Writes a response (RFC 6960 §4.2.1) as `state` has it. `certificate` and `key` are the signer's. */
export function writeOcspResponse(options: {
  readonly request: OcspRequest | undefined
  readonly state: OcspState
  readonly revocation: Revocation | undefined
  readonly certificate: { readonly rawData: ArrayBuffer; readonly publicKey: { readonly rawData: ArrayBuffer } }
  readonly key: KeyObject
}): Uint8Array {
  const { request, state, revocation, certificate, key } = options
  if (state.response !== 0 || !request) return der.sequence(der.enumerated(state.response || 1))
  const nothing = new Uint8Array()
  const single = der.sequence(
    state.about === 'asked' ? request.certId : otherCertificate(request.certId),
    writeStatus(state, revocation),
    der.time(state.thisUpdate * 1000),
    der.context(0, der.time(state.nextUpdate * 1000)),
  )
  const nonce = request.nonce && (state.nonce === 'asked' ? request.nonce : lastByteTurned(request.nonce))
  const keyHash = new Uint8Array(createHash('sha1').update(publicBits(certificate.publicKey.rawData)).digest())
  const data = der.sequence(
    der.context(2, der.octets(keyHash)),
    der.time(state.producedAt * 1000),
    der.sequence(single),
    nonce ? der.context(1, der.sequence(nonce)) : nothing,
  )
  const basic = der.sequence(
    data,
    der.sequence(der.oid(SHA256_RSA), der.nothing()),
    der.bits(new Uint8Array(sign('sha256', data, key))),
    der.context(0, der.sequence(new Uint8Array(certificate.rawData))),
  )
  return der.sequence(der.enumerated(0), der.context(0, der.sequence(der.oid(BASIC), der.octets(basic))))
}

function writeStatus({ status, thisUpdate }: OcspState, revocation: Revocation | undefined): Uint8Array {
  if (status === 'good') return tlv(0x80)
  if (status === 'unknown') return tlv(0x82)
  const { at, reason }: Revocation = revocation ?? { at: thisUpdate * 1000, reason: 'keyCompromise' }
  return tlv(0xa1, der.time(at), der.context(0, der.enumerated(REASONS[reason])))
}

/** The serial number stands last in a CertID. */
function otherCertificate(certId: Uint8Array): Uint8Array {
  return lastByteTurned(certId)
}

function lastByteTurned(bytes: Uint8Array): Uint8Array {
  return concat(bytes.slice(0, -1), Uint8Array.of((bytes.at(-1) ?? 0) ^ 0x01))
}
