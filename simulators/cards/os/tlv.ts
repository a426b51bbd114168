import { concat } from './bytes.ts'

/** One BER-TLV object; `tag` is the number that its tag bytes write (0x7F41, 0xBF8101). */
export interface Tlv {
  readonly tag: number
  readonly value: Uint8Array
}

/** Writes an object in BER-TLV with the shortest length (ISO/IEC 7816-4 §5.2.2; for tags up to three bytes). */
export function tlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  const value = concat(...values)
  return concat(bytesOf(tag), lengthOf(value.length), value)
}

/** The objects that stand one behind the other in these bytes; undefined when a tag or a length lies. */
export function parseTlvs(bytes: Uint8Array): readonly Tlv[] | undefined {
  const found: Tlv[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = readTag(bytes, at)
    if (!tag) return undefined
    const length = readLength(bytes, tag.next)
    if (!length || length.next + length.value > bytes.length) return undefined
    found.push({ tag: tag.value, value: bytes.slice(length.next, length.next + length.value) })
    at = length.next + length.value
  }
  return found
}

/** The tag that begins at `at`, and where it ends; undefined when it is cut or longer than four bytes. */
export function readTag(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = bytes[at]
  let next = at + 1
  if (value === undefined) return undefined
  if ((value & 0x1f) !== 0x1f) return { value, next }
  for (;;) {
    const byte = bytes[next++]
    if (byte === undefined || next - at > 4) return undefined
    value = value * 256 + byte
    if ((byte & 0x80) === 0) return { value, next }
  }
}

function readLength(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { value: first, next: at + 1 }
  const count = first & 0x7f
  if (count === 0 || count > 3 || at + count >= bytes.length) return undefined
  let value = 0
  for (const byte of bytes.slice(at + 1, at + 1 + count)) value = value * 256 + byte
  return { value, next: at + 1 + count }
}

function bytesOf(tag: number): Uint8Array {
  const bytes = [tag & 0xff]
  for (let rest = tag >>> 8; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return Uint8Array.from(bytes)
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes = bytesOf(length)
  return concat(Uint8Array.of(0x80 | bytes.length), bytes)
}
