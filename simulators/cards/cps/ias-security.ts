import { MODE } from '../os/access.ts'
import type { Command, Reply } from '../os/apdu.ts'
import type { CardKey } from '../os/files.ts'
import { applyPrivate, digestInfo, signPkcs1, stripEncryptionPadding } from '../os/rsa.ts'
import { digestBytes, finishHash, type HashName } from '../os/running-hash.ts'
import { allowed, keyOf, type Session, type Template } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { parseTlvs } from '../os/tlv.ts'

/** Templates of the security environment (ISO/IEC 7816-4 §10.3.2). */
const TAG = { authentication: 0xa4, hash: 0xaa, signature: 0xb6, confidentiality: 0xb8 } as const
/** Algorithm references of IAS-ECC, by what they may do. */
const HASHES: Readonly<Record<number, HashName>> = { 16: 'sha1', 64: 'sha256' }
const SIGNATURES: Readonly<Record<number, HashName>> = { 18: 'sha1', 66: 'sha256' }
const AUTHENTICATION = 0x02
const DECIPHERMENT: readonly number[] = [0x0a, 0x1a]
/** An authentication signs at most this part of the modulus (IAS-ECC: 40 %). */
const MOST_OF_MODULUS = 0.4
/** Padding indicator of a cryptogram. */
const INDICATOR = 0x81

/** MANAGE SECURITY ENVIRONMENT (ISO/IEC 7816-4 §7.5.11): SET (P1 41 or 81) of one template, RESTORE (P1 F3) of a known environment. */
export function manageEnvironment(session: Session, { p1, p2, data }: Command): Reply {
  if (p1 === 0xf3) {
    if (!session.chip.environments.has(p2)) return { status: SW.OBJECT_NOT_FOUND }
    session.environment.clear()
    session.digest = undefined
    return { status: SW.OK }
  }
  const known: readonly number[] = Object.values(TAG)
  if ((p1 !== 0x41 && p1 !== 0x81) || !known.includes(p2)) return { status: SW.WRONG_PARAMETERS }
  const template = readTemplate(data)
  if (!template) return { status: SW.WRONG_DATA }
  if (template.key !== undefined && !keyOf(session, template.key)) return { status: SW.OBJECT_NOT_FOUND }
  session.environment.set(p2, template)
  return { status: SW.OK }
}

/** Tag 80 algorithm, 83 or 84 key; one byte each. Undefined when something else stands there. */
function readTemplate(data: Uint8Array): Template | undefined {
  const objects = parseTlvs(data)
  if (!objects || objects.length === 0) return undefined
  let template: Template = {}
  for (const { tag, value } of objects) {
    const [byte] = value
    if (byte === undefined || value.length !== 1) return undefined
    if (tag === 0x80) template = { ...template, algorithm: byte }
    else if (tag === 0x83 || tag === 0x84) template = { ...template, key: byte }
    else return undefined
  }
  return template
}

/** The key that an operation may use now, with its algorithm; a status when it may not. */
function keyFor(session: Session, tag: number, bit: number): { readonly key: CardKey; readonly algorithm: number } | number {
  const { algorithm, key: reference } = session.environment.get(tag) ?? {}
  if (algorithm === undefined || reference === undefined) return SW.CONDITIONS_NOT_SATISFIED
  const key = keyOf(session, reference)
  if (!key) return SW.OBJECT_NOT_FOUND
  return allowed(session, key.rules, bit) ? { key, algorithm } : SW.ACCESS_DENIED
}

/** INTERNAL AUTHENTICATE (ISO/IEC 7816-4 §7.5.2): the data, any DigestInfo, is padded (block type 1) and signed. */
export function internalAuthenticate(session: Session, { p1, p2, data }: Command): Reply {
  if (p1 !== 0 || p2 !== 0) return { status: SW.WRONG_PARAMETERS }
  const use = keyFor(session, TAG.authentication, MODE.key.authenticate)
  if (typeof use === 'number') return { status: use }
  if (use.algorithm !== AUTHENTICATION) return { status: SW.CONDITIONS_NOT_SATISFIED }
  if (data.length === 0 || data.length > use.key.modulusBytes * MOST_OF_MODULUS) return { status: SW.WRONG_LENGTH }
  return { status: SW.OK, data: signPkcs1(use.key.key, data) }
}

/** PERFORM SECURITY OPERATION (ISO/IEC 7816-8 §11): HASH, COMPUTE DIGITAL SIGNATURE, DECIPHER. */
export function performOperation(session: Session, command: Command): Reply {
  switch ((command.p1 << 8) | command.p2) {
    case 0x90a0:
      return hash(session, command.data)
    case 0x9e9a:
      return sign(session, command.data)
    case 0x8086:
      return decipher(session, command.data)
    default:
      return { status: SW.WRONG_PARAMETERS }
  }
}

/** The last round on the card: 90 intermediate value and its count of bits (eight bytes), or empty; 80 what is left, 64 bytes at most. */
function hash(session: Session, data: Uint8Array): Reply {
  session.digest = undefined
  const algorithm = HASHES[session.environment.get(TAG.hash)?.algorithm ?? 0]
  if (!algorithm) return { status: SW.CONDITIONS_NOT_SATISFIED }
  const objects = parseTlvs(data)
  const before = objects?.find(({ tag }) => tag === 0x90)?.value ?? new Uint8Array()
  const rest = objects?.find(({ tag }) => tag === 0x80)?.value
  const length = digestBytes(algorithm)
  if (!rest || rest.length > 64 || (before.length !== 0 && before.length !== length + 8)) return { status: SW.WRONG_DATA }
  const bits = before.length === 0 ? 0n : new DataView(before.buffer, before.byteOffset).getBigUint64(length)
  if (bits % 512n !== 0n) return { status: SW.WRONG_DATA }
  const value = before.length === 0 ? finishHash(algorithm, rest) : finishHash(algorithm, rest, before.slice(0, length), bits)
  session.digest = { algorithm, value }
  return { status: SW.OK }
}

/** Signs the digest that is given, or the one that PSO HASH left; that one serves once. */
function sign(session: Session, data: Uint8Array): Reply {
  const kept = session.digest
  session.digest = undefined
  const use = keyFor(session, TAG.signature, MODE.key.sign)
  if (typeof use === 'number') return { status: use }
  const algorithm = SIGNATURES[use.algorithm]
  if (!algorithm) return { status: SW.CONDITIONS_NOT_SATISFIED }
  const digest = data.length > 0 ? data : kept?.algorithm === algorithm ? kept.value : undefined
  if (!digest) return { status: SW.CONDITIONS_NOT_SATISFIED }
  if (digest.length !== digestBytes(algorithm)) return { status: SW.WRONG_DATA }
  return { status: SW.OK, data: signPkcs1(use.key.key, digestInfo(algorithm, digest)) }
}

/** The clear text of a cryptogram behind its padding indicator; the card takes the padding off. */
function decipher(session: Session, data: Uint8Array): Reply {
  const use = keyFor(session, TAG.confidentiality, MODE.key.decipher)
  if (typeof use === 'number') return { status: use }
  if (!DECIPHERMENT.includes(use.algorithm)) return { status: SW.CONDITIONS_NOT_SATISFIED }
  if (data[0] !== INDICATOR || data.length !== use.key.modulusBytes + 1) return { status: SW.WRONG_DATA }
  const clear = stripEncryptionPadding(applyPrivate(use.key.key, data.slice(1)))
  return clear ? { status: SW.OK, data: clear } : { status: SW.WRONG_DATA }
}
