import type { Card } from '#core/device.ts'
import type { DesfireCard } from './card.ts'
import { statusWord } from './framing.ts'

/**
 * The card as a PC/SC reader shows it: commands of class FF are the reader's own, the rest goes to the card. FF CA gives the UID of the
 * anticollision (P1 00) or the historical bytes (P1 01): PC/SC part 3 §3.2.2.1.3.
 */
export function behindReader(card: DesfireCard): Card {
  return {
    get atr() {
      return card.atr
    },
    reset: () => card.reset(),
    powerOff: () => card.powerOff(),
    transmit: async (command) => (command[0] === 0xff ? answerReader(card, command) : card.execute(command)),
  }
}

function answerReader(card: DesfireCard, [, ins, p1, p2, le = 0, ...rest]: Uint8Array): Uint8Array {
  if (ins !== 0xca) return statusWord(0x6d00)
  if (p2 !== 0 || rest.length > 0) return statusWord(0x6a86)
  const data = p1 === 0 ? card.uid : p1 === 1 ? card.atr.subarray(4, -1) : undefined
  if (!data) return statusWord(0x6a81)
  if (le !== 0 && le < data.length) return statusWord(0x6c00 | data.length)
  return Buffer.concat([data, le > data.length ? Buffer.concat([Buffer.alloc(le - data.length), statusWord(0x6282)]) : statusWord(0x9000)])
}
