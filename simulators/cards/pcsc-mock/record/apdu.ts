/** A command APDU (ISO/IEC 7816-4 §5.1), as far as its bytes can be believed. */
export interface Command {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Uint8Array
  /** Expected length; null when the command asks for no data. */
  readonly le: number | null
  /** False when the announced lengths and the bytes do not agree. */
  readonly wellFormed: boolean
}

/** Splits a command, short or extended lengths. Null when there is not even a header of four bytes. Never throws. */
export function splitCommand(bytes: Uint8Array): Command | null {
  const [cla, ins, p1, p2] = bytes
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return null
  const header = { cla, ins, p1, p2 }
  const body = bytes.subarray(4)
  const [first = 0, high = 0, low = 0] = body
  const made = (data: Uint8Array, le: number | null, wellFormed = true): Command => ({ ...header, data, le, wellFormed })
  if (body.length === 0) return made(body, null)
  if (body.length === 1) return made(body.subarray(1), first || 256)
  if (first !== 0) {
    if (body.length === 1 + first) return made(body.subarray(1), null)
    if (body.length === 2 + first) return made(body.subarray(1, 1 + first), (body[1 + first] ?? 0) || 256)
    return made(body.subarray(1), null, false)
  }
  const length = high * 256 + low
  if (body.length === 3) return made(body.subarray(3), length || 65536)
  if (length > 0 && body.length === 3 + length) return made(body.subarray(3), null)
  if (length > 0 && body.length === 5 + length) {
    const [leHigh = 0, leLow = 0] = body.subarray(3 + length)
    return made(body.subarray(3, 3 + length), leHigh * 256 + leLow || 65536)
  }
  return made(body.subarray(1), null, false)
}

/** Interindustry classes on their logical channel (ISO/IEC 7816-4 §5.4.1), and whether the command goes on in the next one. */
export function readClass(cla: number): { readonly channel: number; readonly chained: boolean; readonly secured: boolean } {
  if (cla & 0x80) return { channel: 0, chained: false, secured: false }
  if (cla & 0x40) return { channel: 4 + (cla & 0x0f), chained: (cla & 0x10) !== 0, secured: (cla & 0x20) !== 0 }
  return { channel: cla & 0x03, chained: (cla & 0x10) !== 0, secured: (cla & 0x0c) !== 0 }
}
