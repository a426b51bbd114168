import { historicalBytesOf } from './atr.ts'
import type { ContactlessCard } from './card.ts'

/**
 * What the reader, not the card, answers to a command of class FF (PC/SC part 3 §3.2.2): GET DATA gives the number of the card (P1 00) or its
 * historical bytes (P1 01). What a reader may leave out is refused with 6A81 (function not supported) or 6D00 (unknown instruction).
 */
export function answerPseudoApdu(card: ContactlessCard, command: Uint8Array): Uint8Array {
  if (command.length < 4) return status(0x6700)
  if (command[1] !== 0xca) return status(0x6d00)
  const [, , p1, p2, le] = command
  if (command.length > 5) return status(0x6700)
  if (p2 !== 0) return status(0x6b00)
  const data = p1 === 0 ? card.uid : p1 === 1 ? historicalBytesOf(card) : null
  if (!data) return status(0x6a81)
  if (!le || le === data.length) return status(0x9000, data)
  // Le too short: the right length; Le too long: padded, with the warning "end of data before Le" (same section).
  if (le < data.length) return status(0x6c00 | data.length)
  return status(0x6282, data, le)
}

function status(word: number, data: Uint8Array = new Uint8Array(), length = data.length): Uint8Array {
  const answer = new Uint8Array(length + 2)
  answer.set(data)
  answer[length] = word >> 8
  answer[length + 1] = word & 0xff
  return answer
}
