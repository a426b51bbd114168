import type { Duplex } from 'node:stream'
import { CardError, type ContactlessCard } from '../card.ts'
import type { Recorder } from '../record/recorder.ts'
import { Slot } from '../slot.ts'
import { ACK, chipFrame, ERROR_FRAME, type HostFrame, HostFrames } from './frames.ts'

/** Commands of the chip that are obeyed (PN532 user manual §7); the others are acknowledged and answered empty. */
const COMMAND = {
  DIAGNOSE: 0x00,
  GET_FIRMWARE_VERSION: 0x02,
  READ_REGISTER: 0x06,
  POWER_DOWN: 0x16,
  RF_CONFIGURATION: 0x32,
  IN_DATA_EXCHANGE: 0x40,
  IN_COMMUNICATE_THRU: 0x42,
  IN_DESELECT: 0x44,
  IN_LIST_PASSIVE_TARGET: 0x4a,
  IN_RELEASE: 0x52,
  IN_SELECT: 0x54,
} as const

/** Error bytes of the chip (§7.1). */
const OK = Uint8Array.of(0x00)
const TIME_OUT = Uint8Array.of(0x01)
const BUFFER_TOO_SMALL = Uint8Array.of(0x07)
const WRONG_TARGET = Uint8Array.of(0x27)

/** Longest answer of a card that one frame carries. */
const LONGEST_ANSWER = 262

/** How a reader chip is made. */
export interface Pn532Options {
  /** Reader name in the records. */
  readonly name: string
  readonly recorder?: Recorder
}

/**
 * A PN532 reader chip with its serial framing (HSU), for clients that talk to one: libnfc's driver `pn532_uart`, and what stands on it. One
 * ISO/IEC 14443-4 type A card in its field. Connect it to any stream: a pty (`openPty`), a TCP socket.
 *
 * @example
 * const chip = createPn532({ name: 'PN532' })
 * chip.attach(stream)
 * chip.insert(badge)
 */
export class Pn532 {
  readonly #slot: Slot

  constructor({ name, recorder }: Pn532Options) {
    this.#slot = new Slot({ name, recorder, pseudoApdus: false })
  }

  /** Lays a card on the reader. @throws CardError `SLOT_TAKEN`, `CARD_ELSEWHERE`. */
  insert(card: ContactlessCard): void {
    this.#slot.insert(card)
  }

  /** Takes it away, in the middle of an exchange if there is one. */
  remove(): void {
    this.#slot.remove()
  }

  /** Serves the host at the other end until the stream closes; then the field is off. */
  attach(line: Duplex): void {
    const frames = new HostFrames()
    let work = Promise.resolve()
    const write = (bytes: Uint8Array): void => {
      if (line.writable) line.write(bytes)
    }
    line.on('data', (bytes: Buffer) => {
      for (const frame of frames.push(bytes)) work = work.then(() => this.#serve(frame, write))
    })
    line.on('error', () => line.destroy())
    line.once('close', () => this.#slot.powerOff())
  }

  async #serve(frame: HostFrame, write: (bytes: Uint8Array) => void): Promise<void> {
    if (frame.kind === 'malformed') write(ERROR_FRAME)
    if (frame.kind !== 'command') return
    write(ACK)
    write(chipFrame(frame.code, await this.#obey(frame.code, frame.data)))
  }

  async #obey(code: number, data: Uint8Array): Promise<Uint8Array> {
    switch (code) {
      case COMMAND.DIAGNOSE:
        // The communication line test gives back what it was sent (§7.2.1).
        return data
      case COMMAND.GET_FIRMWARE_VERSION:
        return Uint8Array.of(0x32, 0x01, 0x06, 0x07)
      case COMMAND.READ_REGISTER:
        return new Uint8Array(Math.floor(data.length / 2))
      case COMMAND.IN_LIST_PASSIVE_TARGET:
        return this.#poll(data)
      case COMMAND.IN_DATA_EXCHANGE:
        return data[0] === 1 ? await this.#exchange(data.subarray(1)) : WRONG_TARGET
      case COMMAND.IN_COMMUNICATE_THRU:
        return TIME_OUT
      case COMMAND.RF_CONFIGURATION:
        // Item 1, bit 0: the field itself (§7.3.1).
        if (data[0] === 1 && ((data[1] ?? 0) & 1) === 0) this.#slot.powerOff()
        return new Uint8Array()
      case COMMAND.IN_DESELECT:
      case COMMAND.IN_RELEASE:
        this.#slot.powerOff()
        return OK
      case COMMAND.IN_SELECT:
      case COMMAND.POWER_DOWN:
        return OK
      default:
        return new Uint8Array()
    }
  }

  /** Type A at 106 kbit/s only: the number, ATQA, SAK 20 (ISO/IEC 14443-4) and ATS of the card that is there (§7.3.5). */
  #poll([, type, ...wanted]: Uint8Array): Uint8Array {
    const card = this.#slot.card as ContactlessCard | null
    if (type !== 0x00 || !card || this.#slot.powerOn().length === 0) return Uint8Array.of(0)
    const { uid, ats } = card
    // A host that names a number means that card and no other; longer numbers travel with their cascade tags (88).
    const named = wanted.length === 4 ? wanted : wanted.filter((byte, at) => !(byte === 0x88 && at % 4 === 0))
    if (named.length > 0 && Buffer.compare(Uint8Array.from(named), uid) !== 0) return Uint8Array.of(0)
    const sizes: Readonly<Record<number, number>> = { 4: 0x04, 7: 0x44, 10: 0x84 }
    return Uint8Array.of(1, 1, 0x03, sizes[uid.length] ?? 0x44, 0x20, uid.length, ...uid, ...ats)
  }

  async #exchange(command: Uint8Array): Promise<Uint8Array> {
    try {
      const response = await this.#slot.exchange(command)
      return response.length > LONGEST_ANSWER ? BUFFER_TOO_SMALL : Uint8Array.of(0x00, ...response)
    } catch (error) {
      if (error instanceof CardError) return TIME_OUT
      throw error
    }
  }
}

/** A PN532 chip that is connected to nothing yet. */
export function createPn532(options: Pn532Options): Pn532 {
  return new Pn532(options)
}
