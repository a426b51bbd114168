import type { Card, ContactlessCard } from './card.ts'

/** A card for tests: answers by a function, and remembers how it was treated. */
export interface ExampleCard extends ContactlessCard {
  /** `reset`, `off`, and the commands in hexadecimal, in order. */
  readonly life: string[]
}

/** Historical byte 80, offers T=1 after T=0. */
const ATR = Uint8Array.of(0x3b, 0x81, 0x80, 0x01, 0x80, 0x80)

/** Echoes the data after the header unless told otherwise, with 9000. */
export function exampleCard(
  answer: (command: Uint8Array) => Uint8Array | Promise<Uint8Array> = (command) => Uint8Array.of(...command.subarray(5), 0x90, 0x00),
  { atr = ATR }: Partial<Pick<Card, 'atr'>> = {},
): ExampleCard {
  const life: string[] = []
  return {
    life,
    atr,
    uid: Uint8Array.of(0x04, 1, 2, 3, 4, 5, 6),
    ats: Uint8Array.of(0x06, 0x75, 0x77, 0x81, 0x02, 0x80),
    reset: () => void life.push('reset'),
    powerOff: () => void life.push('off'),
    async transmit(command) {
      life.push(Buffer.from(command).toString('hex'))
      return await answer(command)
    },
  }
}

/** Bytes from hexadecimal, blanks allowed. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}
