import { concat, utf8 } from './bytes.ts'
import { tlv } from './tlv.ts'

/** Writers of DER (ITU-T X.690), as much of it as PKCS#15, OCSP and PKCS#1 need. */
export const der = {
  sequence: (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts),
  octets: (bytes: Uint8Array) => tlv(0x04, bytes),
  text: (text: string) => tlv(0x0c, utf8(text)),
  boolean: (value: boolean) => tlv(0x01, Uint8Array.of(value ? 0xff : 0)),
  nothing: () => tlv(0x05),
  enumerated: (value: number) => tlv(0x0a, Uint8Array.of(value)),
  integer: (value: number) => {
    const bytes = [value & 0xff]
    for (let rest = value >>> 8; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
    return tlv(0x02, Uint8Array.from((bytes[0] ?? 0) & 0x80 ? [0, ...bytes] : bytes))
  },
  /** A bit string of bytes, no bit unused. */
  bits: (bytes: Uint8Array) => tlv(0x03, Uint8Array.of(0), bytes),
  /** A bit string whose bits have names (the numbers given); trailing zero bits are left out. */
  named: (...set: readonly number[]) => {
    if (set.length === 0) return tlv(0x03, Uint8Array.of(0))
    const last = Math.max(...set)
    const bytes = new Uint8Array((last >> 3) + 1)
    for (const bit of set) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
    return tlv(0x03, Uint8Array.of(7 - (last & 7)), bytes)
  },
  oid: (dotted: string) => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
    return tlv(0x06, concat(...[first * 40 + second, ...rest].map(base128)))
  },
  context: (number: number, ...parts: readonly Uint8Array[]) => tlv(0xa0 | number, ...parts),
  /** Implicit tag of a primitive. */
  implicit: (number: number, bytes: Uint8Array) => tlv(0x80 | number, bytes),
  /** GeneralizedTime, to the second (RFC 5280 §4.1.2.5.2). `at` in milliseconds since 1970. */
  time: (at: number) => tlv(0x18, utf8(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`)),
}

function base128(value: number): Uint8Array {
  const bytes = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return Uint8Array.from(bytes)
}
