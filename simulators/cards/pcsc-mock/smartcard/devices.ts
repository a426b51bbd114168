import { EventEmitter } from 'node:events'
import { SCARD } from '../scard.ts'
import { wrapCard } from './responses.ts'
import type { Card, Context, DeviceEvents, DevicesOptions, MonitorEvent, Reader, ReaderMonitor } from './types.ts'

/**
 * Readers and cards as events, like the class of the same name in npm `smartcard`: a card is connected (shared, T=0 or T=1) before
 * `card-inserted` tells it. Events are told one after the other.
 *
 * @example new Devices().on('card-inserted', ({ card }) => card.transmit([0, 0x84, 0, 0, 8])).start()
 */
export class Devices extends EventEmitter<{ [Name in keyof DeviceEvents]: Parameters<DeviceEvents[Name]> }> {
  readonly #options: Required<Pick<DevicesOptions, 'Context' | 'ReaderMonitor'>>
  #context: Context | null = null
  #monitor: ReaderMonitor | null = null
  readonly #cards = new Map<string, Card | null>()
  #queue: Promise<void> = Promise.resolve()

  constructor(options: Required<Pick<DevicesOptions, 'Context' | 'ReaderMonitor'>>) {
    super()
    this.#options = options
  }

  start(): void {
    if (this.#monitor) return
    try {
      this.#context = new this.#options.Context()
      const monitor = new this.#options.ReaderMonitor()
      this.#monitor = monitor
      monitor.start((event) => {
        this.#queue = this.#queue.then(() => (this.#monitor === monitor ? this.#tell(event) : undefined))
      })
    } catch (error) {
      this.emit('error', asError(error))
    }
  }

  stop(): void {
    this.#monitor?.stop()
    this.#monitor = null
    for (const card of this.#cards.values()) leave(card)
    this.#cards.clear()
    this.#context?.close()
    this.#context = null
  }

  listReaders(): Reader[] {
    return this.#context?.isValid ? this.#context.listReaders() : []
  }

  getCards(): ReadonlyMap<string, Card> {
    return new Map([...this.#cards].flatMap(([name, card]) => (card ? [[name, card] as const] : [])))
  }

  getCard(readerName: string): Card | null {
    return this.#cards.get(readerName) ?? null
  }

  async #tell({ type, reader: name, state, atr }: MonitorEvent): Promise<void> {
    const reader = { name, state, atr }
    if (type === 'error') this.emit('error', new Error(name))
    if (type === 'reader-attached') {
      this.emit('reader-attached', reader)
      if (state & SCARD.SCARD_STATE_PRESENT) await this.#inserted(reader)
    }
    if (type === 'card-inserted') await this.#inserted(reader)
    if (type === 'card-removed') this.#removed(name)
    if (type === 'reader-detached') {
      if (this.#cards.has(name)) this.#removed(name)
      this.emit('reader-detached', { name })
    }
  }

  async #inserted(reader: { name: string; state: number; atr: Buffer | null }): Promise<void> {
    if (this.#cards.get(reader.name)) return
    this.#cards.set(reader.name, null)
    try {
      const found = this.listReaders().find(({ name }) => name === reader.name)
      if (!found) return
      const card = wrapCard(await found.connect(SCARD.SCARD_SHARE_SHARED, SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1))
      this.#cards.set(reader.name, card)
      this.emit('card-inserted', { reader, card })
    } catch (error) {
      this.emit('error', asError(error))
    }
  }

  #removed(name: string): void {
    const card = this.#cards.get(name) ?? null
    this.#cards.delete(name)
    leave(card)
    this.emit('card-removed', { reader: { name }, card })
  }
}

/** Disconnects; a card that is gone has nothing left to leave. */
function leave(card: Card | null): void {
  try {
    card?.disconnect()
  } catch {
    // The connection is closed either way.
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
