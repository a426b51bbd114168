import type { CardExchange } from '#core/fault.ts'
import { hex, toHex } from './os/bytes.ts'

/** Longest answer that a record shows in full, in bytes. */
const SHOWN = 16

/** The answer as this edit wants it: another status word, a part of it, or one bit turned over. */
export function bendAnswer(edit: CardExchange, answer: Uint8Array): Uint8Array {
  if (edit.status !== undefined) return hex(edit.status)
  const bent = edit.length === undefined ? answer.slice() : answer.slice(0, edit.length)
  const at = (edit.flip ?? 0) >> 3
  if (edit.flip !== undefined && at < bent.length) bent[at] = (bent[at] ?? 0) ^ (0x80 >> (edit.flip & 7))
  return bent
}

/** An answer that only says how much there is to fetch (61xx, or 9Fxx of class A0). */
export function isAnnouncement(answer: Uint8Array): boolean {
  return answer.length === 2 && (answer[0] === 0x61 || answer[0] === 0x9f)
}

/** An answer for the record: its hexadecimal, its middle left out when it is long. */
export function describeAnswer(answer: Uint8Array): string {
  if (answer.length === 0) return '(aucune réponse)'
  if (answer.length <= SHOWN) return toHex(answer)
  return `${toHex(answer.slice(0, SHOWN - 2))}… (${answer.length} octets) …${toHex(answer.slice(-2))}`
}
