import type { SessionKeys } from '#simulators/kms/three-pass.ts'
import { d40Channel } from './d40.ts'
import { ev1Channel } from './ev1.ts'
import { ev2Channel } from './ev2.ts'

/** How data travel: as they are, with a code of their integrity, or enciphered. */
export type CommunicationMode = 'plain' | 'mac' | 'full'

/**
 * Secure messaging after an authentication; one object a session and side. The card opens what a terminal protected, and seals what
 * the terminal checks. A body is what follows the command byte: first `header` bytes that are never enciphered, then data.
 */
export interface Channel {
  readonly kind: 'd40' | 'ev1' | 'ev2'
  /** EV2: commands so far, which a non-first authentication carries on; 0 otherwise. */
  readonly counter: number
  /** Mode in which a message without data travels when its file, or the card, asks for `mode`. */
  bare(mode: CommunicationMode): CommunicationMode
  /** Bytes of a body with so many bytes of header and data. */
  length(header: number, data: number, mode: CommunicationMode): number
  /**
   * Card: the data of a command, or null when their integrity is not proved. `data` is their length, `tail` that of what follows their
   * checksum inside the enciphered text (the checksum of a new key) and is given back after them.
   */
  open(command: number, body: Uint8Array, header: number, mode: CommunicationMode, data: number, tail?: number): Buffer | null
  /** Card: an answer (without its status, which is 00). */
  seal(data: Uint8Array, mode: CommunicationMode): Buffer
  /** Terminal: the body of a command; `tail` as in `open`. */
  protect(command: number, header: Uint8Array, data: Uint8Array, mode: CommunicationMode, tail?: Uint8Array): Buffer
  /** Terminal: the data of an answer. `data` is their length when it is known. */
  check(answer: Uint8Array, mode: CommunicationMode, data?: number): Checked
}

/** `genuine` tells that the integrity is proved, where the mode proves any; whoever goes on without it trusts the air. */
export interface Checked {
  readonly data: Buffer
  readonly genuine: boolean
}

/**
 * The messaging that an authentication opens.
 * @param counter commands so far, for a non-first authentication
 * @param transaction the identifier in force, for a non-first authentication
 */
export function openChannel(session: SessionKeys, counter = 0, transaction: Buffer = session.transaction): Channel {
  if (session.mode === 'legacy') return d40Channel(session)
  if (session.mode === 'iso' || session.mode === 'aes') return ev1Channel(session)
  return ev2Channel(session, transaction, counter)
}

export const NOTHING = new Uint8Array(0)

/** Zeros up to a whole number of blocks; nothing is added to what is whole already. */
export function zeroPadded(data: Uint8Array, block: number): Buffer {
  const out = Buffer.alloc(Math.ceil(data.length / block) * block)
  out.set(data)
  return out
}

/** Whether two codes of integrity are equal. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

/** Where the data end in a deciphered text of unknown length: before a right checksum that only padding (80, 00) follows; or -1. */
export function endOfData(clear: Uint8Array, block: number, width: number, right: (data: Uint8Array, sum: Uint8Array) => boolean): number {
  for (let end = Math.max(0, clear.length - width - block); end <= clear.length - width; end++) {
    const rest = clear.subarray(end + width)
    if (rest.some((byte, at) => byte !== 0 && !(at === 0 && byte === 0x80))) continue
    if (right(clear.subarray(0, end), clear.subarray(end, end + width))) return end
  }
  return -1
}
