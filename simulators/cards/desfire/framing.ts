import { STATUS } from './status.ts'

/** Bytes of a frame after its command or status byte, when the terminal's buffer is the usual 64 bytes (FSDI 5, ISO/IEC 14443-4). */
export const FRAME = 59

/** How a command came, and in the same form its answer goes. */
export type Framing = 'native' | 'wrapped'

/** A command, in either framing. */
export interface Frame {
  readonly framing: Framing
  readonly command: number
  readonly body: Buffer
}

/** A command of ISO/IEC 7816-4, case 1 to 4, short or extended length. */
export interface IsoCommand {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Buffer
}

/** Null when the lengths do not add up (ISO/IEC 7816-4 §5.1). */
export function parseIso(raw: Uint8Array): IsoCommand | null {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, p3 = 0] = bytes
  if (bytes.length < 4) return null
  const made = (data: Buffer): IsoCommand => ({ cla, ins, p1, p2, data })
  if (bytes.length <= 5) return made(Buffer.alloc(0))
  if (p3 !== 0) return bytes.length === 5 + p3 || bytes.length === 6 + p3 ? made(bytes.subarray(5, 5 + p3)) : null
  if (bytes.length < 7) return null
  const length = bytes.readUInt16BE(5)
  if (bytes.length === 7) return made(Buffer.alloc(0))
  return length > 0 && (bytes.length === 7 + length || bytes.length === 9 + length) ? made(bytes.subarray(7, 7 + length)) : null
}

/** A DESFire command out of what came, or the status that it is refused with. */
export function parseFrame(raw: Uint8Array): Frame | { readonly framing: Framing; readonly refused: number } {
  if (raw[0] !== 0x90) return { framing: 'native', command: raw[0] ?? 0, body: Buffer.from(raw.subarray(1)) }
  const iso = parseIso(raw)
  if (!iso) return { framing: 'wrapped', refused: STATUS.length }
  if (iso.p1 !== 0 || iso.p2 !== 0) return { framing: 'wrapped', refused: STATUS.parameter }
  return { framing: 'wrapped', command: iso.ins, body: Buffer.from(iso.data) }
}

/** An answer in the framing of its command: status first, or data and 91 with the status. */
export function framed(framing: Framing, status: number, data: Uint8Array): Buffer {
  return framing === 'native' ? Buffer.concat([Uint8Array.of(status), data]) : Buffer.concat([data, Uint8Array.of(0x91, status)])
}

/** A status word of ISO/IEC 7816-4. */
export function statusWord(word: number): Buffer {
  return Buffer.of(word >> 8, word & 0xff)
}
