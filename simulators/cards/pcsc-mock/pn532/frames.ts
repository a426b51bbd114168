/** What the host sends on the serial line (PN532 user manual §6.2.1): a command, an acknowledgement, or bytes that make no frame. */
export type HostFrame =
  | { readonly kind: 'command'; readonly code: number; readonly data: Uint8Array }
  | { readonly kind: 'ack' | 'nack' }
  | { readonly kind: 'malformed'; readonly why: 'length-checksum' | 'data-checksum' | 'too-long' | 'not-from-host' }

export const ACK: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00)
/** Sent in place of an answer to a frame that cannot be obeyed (§6.2.1.5). */
export const ERROR_FRAME: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00)

/** Data of a frame, its direction byte included (§6.2.1.2: up to 264 bytes and what precedes them). */
const LONGEST = 265

/** Cuts the line into frames. Preamble, wake-up bytes and noise between frames are skipped. */
export class HostFrames {
  #pending: Uint8Array = new Uint8Array()

  push(bytes: Uint8Array): HostFrame[] {
    const frames: HostFrame[] = []
    let rest: Uint8Array = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes
    for (;;) {
      const start = indexOfStart(rest)
      if (start < 0) {
        // A start code may be cut between its two bytes.
        rest = rest.subarray(rest.at(-1) === 0 ? -1 : rest.length)
        break
      }
      const found = readFrame(rest.subarray(start + 2))
      if (!found) {
        rest = rest.subarray(start)
        break
      }
      frames.push(found.frame)
      rest = rest.subarray(start + 2 + found.used)
    }
    this.#pending = Uint8Array.from(rest)
    return frames
  }
}

/** An answer of the chip: D5, the command's code plus one, data (§6.2.1.1, §6.2.1.2). */
export function chipFrame(command: number, data: Uint8Array): Uint8Array {
  const body = Uint8Array.of(0xd5, (command + 1) & 0xff, ...data)
  const [high, low] = [body.length >> 8, body.length & 0xff]
  const length = body.length < 256 ? [low, -low & 0xff] : [0xff, 0xff, high, low, -(high + low) & 0xff]
  return Uint8Array.of(0x00, 0x00, 0xff, ...length, ...body, -sum(body) & 0xff, 0x00)
}

/** The frame after a start code and the bytes that it takes, or null while it is not whole. */
function readFrame(bytes: Uint8Array): { readonly frame: HostFrame; readonly used: number } | null {
  const [a, b, high, low, extendedCheck] = bytes
  if (a === undefined || b === undefined) return null
  if (a === 0x00 && b === 0xff) return { frame: { kind: 'ack' }, used: 2 }
  if (a === 0xff && b === 0x00) return { frame: { kind: 'nack' }, used: 2 }
  const extended = a === 0xff && b === 0xff
  if (extended && (high === undefined || low === undefined || extendedCheck === undefined)) return null
  const length = extended ? (high ?? 0) * 256 + (low ?? 0) : a
  const check = extended ? (high ?? 0) + (low ?? 0) + (extendedCheck ?? 0) : a + b
  const head = extended ? 5 : 2
  if ((check & 0xff) !== 0) return { frame: { kind: 'malformed', why: 'length-checksum' }, used: head }
  if (length > LONGEST) return { frame: { kind: 'malformed', why: 'too-long' }, used: head }
  if (bytes.length < head + length + 1) return null
  const body = bytes.subarray(head, head + length)
  const used = head + length + 1
  if (((sum(body) + (bytes[head + length] ?? 0)) & 0xff) !== 0) return { frame: { kind: 'malformed', why: 'data-checksum' }, used }
  const [direction, code] = body
  if (direction !== 0xd4 || code === undefined) return { frame: { kind: 'malformed', why: 'not-from-host' }, used }
  return { frame: { kind: 'command', code, data: Uint8Array.from(body.subarray(2)) }, used }
}

function indexOfStart(bytes: Uint8Array): number {
  for (let at = 0; at + 1 < bytes.length; at++) if (bytes[at] === 0x00 && bytes[at + 1] === 0xff) return at
  return -1
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte) => total + byte, 0)
}
