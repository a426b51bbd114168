import { conditionOf, MODE, NEVER, type Rules, writeRules } from '../os/access.ts'
import type { Command, Reply } from '../os/apdu.ts'
import { u16 } from '../os/bytes.ts'
import type { SecretCode } from '../os/codes.ts'
import type { CardKey } from '../os/files.ts'
import type { Session } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { parseTlvs, readTag, tlv } from '../os/tlv.ts'

/** Classes of the secrets that a card describes (IAS-ECC, second tag byte of BFccrr without its high bit). */
const CLASS = { code: 0x01, privateKey: 0x10, environment: 0x7b } as const

const NOT_FOUND: Reply = { status: SW.OBJECT_NOT_FOUND }

/**
 * GET DATA of a secret's description (ISO/IEC 7816-4 §7.4.2, P1-P2 3FFF, extended header list 4D): counters of a code, size and rules of a
 * key, contents of a security environment. Private parts never go out: 6A80, which OpenSC expects there.
 */
export function getData({ directory, face, chip }: Session, { p1, p2, data }: Command): Reply {
  if (p1 !== 0x3f || p2 !== 0xff) return NOT_FOUND
  const asked = readRequest(data)
  if (!asked) return { status: SW.WRONG_DATA }
  const { kind, reference, part } = asked
  if (kind === CLASS.environment) {
    const code = directory === chip.files.root ? chip.environments.get(reference) : undefined
    return code ? described(asked, tlv(0x7b, tlv(0xa4, tlv(0x95, Uint8Array.of(0x08)), tlv(0x83, Uint8Array.of(code.reference))))) : NOT_FOUND
  }
  if (kind === CLASS.code) {
    const code = directory.codes?.find((one) => one.reference === reference)
    if (!code) return NOT_FOUND
    if (!visible(code.rules, face, MODE.code.get)) return { status: SW.ACCESS_DENIED }
    return part === 0xa0 ? described(asked, countersOf(code)) : part === 0x7f41 ? described(asked, lengthsOf(code)) : NOT_FOUND
  }
  if (kind !== CLASS.privateKey) return NOT_FOUND
  const key = directory.keys?.find((one) => one.reference === reference)
  if (!key) return NOT_FOUND
  if (!visible(key.rules, face, MODE.key.get)) return { status: SW.ACCESS_DENIED }
  return part === 0xa0 ? described(asked, sizeOf(key)) : { status: SW.WRONG_DATA }
}

interface Request {
  readonly kind: number
  readonly reference: number
  readonly part: number
}

/** 4D { 70 { BFccrr { part 80 } } }: the last length, 80, asks for the whole object and is no length. */
function readRequest(data: Uint8Array): Request | undefined {
  const list = only(data, 0x4d)
  const template = list && only(list, 0x70)
  const [object, ...others] = (template && parseTlvs(template)) ?? []
  if (!object || others.length > 0 || object.tag >> 16 !== 0xbf) return undefined
  const part = readTag(object.value, 0)
  if (!part) return undefined
  return { kind: (object.tag >> 8) & 0x7f, reference: object.tag & 0x7f, part: part.value }
}

function only(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  const [first, ...others] = parseTlvs(bytes) ?? []
  return first?.tag === tag && others.length === 0 ? first.value : undefined
}

function described({ kind, reference }: Request, content: Uint8Array): Reply {
  return { status: SW.OK, data: tlv(0x70, tlv(0xbf0000 | ((kind | 0x80) << 8) | reference, content)) }
}

/** 9A tries at most, 9B tries left. */
function countersOf(code: SecretCode): Uint8Array {
  return tlv(0xa0, tlv(0x9a, Uint8Array.of(code.maximum)), tlv(0x9b, Uint8Array.of(code.remaining())), tlv(0xa1, writeRules(code.rules)))
}

function lengthsOf({ length }: SecretCode): Uint8Array {
  return tlv(0x7f41, tlv(0x80, Uint8Array.of(length.maximum)), tlv(0x81, Uint8Array.of(length.minimum)))
}

/** 80 size of the modulus in bytes. */
function sizeOf(key: CardKey): Uint8Array {
  return tlv(0xa0, tlv(0x80, u16(key.modulusBytes)), tlv(0xa1, writeRules(key.rules)))
}

function visible(rules: Rules, face: Session['face'], bit: number): boolean {
  return conditionOf(rules, face, bit) !== NEVER
}
