import type { Card, TransmitOptions } from './types.ts'

/** GET RESPONSE for so many bytes (ISO/IEC 7816-4 §7.6.1). */
export function buildGetResponseCommand(bytesAvailable: number): Buffer {
  return Buffer.from([0x00, 0xc0, 0x00, 0x00, bytesAvailable])
}

/** The same short command with another Le. */
export function correctLeInCommand(command: Buffer, newLe: number): Buffer {
  const kept = command.length === 4 ? command : command.subarray(0, -1)
  return Buffer.concat([kept, Buffer.from([newLe])])
}

/** How often a card may answer 61xx or 6Cxx to one command: more is a card that never ends. */
const ROUNDS = 1024

/** Sends a command; with `autoGetResponse` fetches what 61xx announces and repeats with the Le that 6Cxx gives. */
export async function transmitWithAutoResponse(card: Card, command: Buffer | number[], options: TransmitOptions = {}): Promise<Buffer> {
  const bytes = Buffer.from(command)
  let response = await card.transmit(bytes, options)
  if (!options.autoGetResponse) return response
  const parts: Buffer[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [sw1, sw2 = 0] = response.subarray(-2)
    if (sw1 === 0x61) {
      parts.push(response.subarray(0, -2))
      response = await card.transmit(buildGetResponseCommand(sw2), options)
    } else if (sw1 === 0x6c) {
      response = await card.transmit(correctLeInCommand(bytes, sw2), options)
    } else break
  }
  return Buffer.concat([...parts, response])
}

/** A card whose `transmit` knows `autoGetResponse`. */
export class CardWrapper implements Card {
  readonly #card: Card

  constructor(card: Card) {
    this.#card = card
  }

  get protocol(): number {
    return this.#card.protocol
  }

  get connected(): boolean {
    return this.#card.connected
  }

  get atr(): Buffer | null {
    return this.#card.atr
  }

  transmit(command: Buffer | number[], options?: TransmitOptions): Promise<Buffer> {
    return transmitWithAutoResponse(this.#card, command, options)
  }

  control(code: number, data?: Buffer | number[]): Promise<Buffer> {
    return this.#card.control(code, data)
  }

  getStatus(): ReturnType<Card['getStatus']> {
    return this.#card.getStatus()
  }

  disconnect(disposition?: number): void {
    this.#card.disconnect(disposition)
  }

  reconnect(shareMode?: number, protocol?: number, initialization?: number): Promise<number> {
    return this.#card.reconnect(shareMode, protocol, initialization)
  }
}

/** {@link CardWrapper} around a card. */
export function wrapCard(card: Card): Card {
  return new CardWrapper(card)
}
