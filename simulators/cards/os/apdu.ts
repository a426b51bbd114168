import { concat, u16 } from './bytes.ts'

/** A command as ISO/IEC 7816-4 §5.1 reads it. */
export interface Command {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Uint8Array
  /** Bytes wanted at most (1 to 256, or to 65 536 in extended form); absent when no answer data is wanted. */
  readonly le?: number
  readonly extended: boolean
}

/** What an instruction answers. */
export interface Reply {
  readonly status: number
  readonly data?: Uint8Array
}

const NOTHING = new Uint8Array()

/**
 * Reads a command in its four cases, short and extended (ISO/IEC 7816-3 §12.1.3). Undefined for bytes that are no command: fewer than four,
 * or a length that lies.
 */
export function parseCommand(raw: Uint8Array): Command | undefined {
  const [cla, ins, p1, p2, p3] = raw
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined
  const short = { cla, ins, p1, p2, extended: false }
  if (p3 === undefined) return { ...short, data: NOTHING }
  if (raw.length === 5) return { ...short, data: NOTHING, le: p3 || 256 }
  if (p3 !== 0) {
    const data = raw.slice(5, 5 + p3)
    if (raw.length === 5 + p3) return { ...short, data }
    if (raw.length === 6 + p3) return { ...short, data, le: raw[5 + p3] || 256 }
    return undefined
  }
  if (raw.length < 7) return undefined
  const long = { cla, ins, p1, p2, extended: true }
  const length = pair(raw, 5)
  if (raw.length === 7) return { ...long, data: NOTHING, le: length || 65_536 }
  if (length === 0) return undefined
  const data = raw.slice(7, 7 + length)
  if (raw.length === 7 + length) return { ...long, data }
  if (raw.length === 9 + length) return { ...long, data, le: pair(raw, 7 + length) || 65_536 }
  return undefined
}

/** Writes a command; in extended form when its lengths ask for it or `extended` says so. The inverse of `parseCommand`. */
export function writeCommand(command: Omit<Command, 'extended' | 'data'> & { readonly data?: Uint8Array; readonly extended?: boolean }): Uint8Array {
  const { cla, ins, p1, p2, data = NOTHING, le } = command
  const head = Uint8Array.of(cla, ins, p1, p2)
  const extended = command.extended || data.length > 255 || (le ?? 0) > 256
  if (!extended) {
    return concat(head, data.length > 0 ? concat(Uint8Array.of(data.length), data) : NOTHING, le === undefined ? NOTHING : Uint8Array.of(le & 0xff))
  }
  if (data.length === 0) return le === undefined ? head : concat(head, Uint8Array.of(0), u16(le))
  return concat(head, Uint8Array.of(0), u16(data.length), data, le === undefined ? NOTHING : u16(le))
}

/** The bytes of an answer: data, then the two status bytes. */
export function writeAnswer(status: number, data: Uint8Array = NOTHING): Uint8Array {
  return concat(data, u16(status))
}

/** An answer taken apart; `status` is undefined when the card said less than two bytes. */
export function readAnswer(answer: Uint8Array): { readonly status: number | undefined; readonly data: Uint8Array } {
  if (answer.length < 2) return { status: undefined, data: NOTHING }
  return { status: pair(answer, answer.length - 2), data: answer.slice(0, -2) }
}

/** What a class byte says (ISO/IEC 7816-4 §5.4.1). */
export type CommandClass =
  | { readonly kind: 'interindustry'; readonly channel: number; readonly chained: boolean; readonly secured: boolean }
  | { readonly kind: 'proprietary' }
  | { readonly kind: 'reserved' }

export function readClass(cla: number): CommandClass {
  if (cla === 0xff) return { kind: 'reserved' }
  if (cla & 0x80) return { kind: 'proprietary' }
  const chained = (cla & 0x10) !== 0
  if (cla & 0x40) return { kind: 'interindustry', channel: 4 + (cla & 0x0f), chained, secured: (cla & 0x20) !== 0 }
  if (cla & 0x20) return { kind: 'reserved' }
  return { kind: 'interindustry', channel: cla & 0x03, chained, secured: (cla & 0x0c) !== 0 }
}

function pair(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
