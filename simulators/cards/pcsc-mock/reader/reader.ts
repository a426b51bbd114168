import { readAtr } from '../atr.ts'
import type { Card } from '../card.ts'
import type { Recorder } from '../record/recorder.ts'
import { CARD_STATE, PcscError, SCARD } from '../scard.ts'
import { Slot } from '../slot.ts'
import { Connection, type ConnectOptions } from './connection.ts'
import { Lock } from './lock.ts'

/** How a virtual reader is made. */
export interface ReaderOptions {
  /** As programs see it: `HospiCert Contact 00 00`. */
  readonly name: string
  readonly recorder?: Recorder
  /** When another connection holds the reader: wait, as pcsc-lite's library does, or fail with `SCARD_E_SHARING_VIOLATION`. Default: wait. */
  readonly whenHeld?: 'wait' | 'refuse'
  /** True for a motorised reader: `SCARD_EJECT_CARD` puts the card out. Without motor it changes nothing. Default: false. */
  readonly ejects?: boolean
  /** Answers a control command; null for a code that the reader does not know. Default: it has no feature to tell (PC/SC part 10 §2.2). */
  readonly control?: (code: number, data: Uint8Array) => Uint8Array | null
}

/** What changed at a reader; `state` is any change of its flags. */
export type ReaderChange = 'inserted' | 'removed' | 'state' | 'detached'

/** CM_IOCTL_GET_FEATURE_REQUEST of PC/SC part 10, as Linux and macOS number it. */
const GET_FEATURES = 0x42000000 + 3400

/**
 * A reader in this process, with the rules of PC/SC: share modes, protocols, transactions, dispositions. Where the standard leaves a choice it
 * does what pcsc-lite does.
 *
 * @example
 * const reader = createReader({ name: 'Desk 00 00' })
 * reader.insert(card)
 * const connection = await reader.connect()
 * await connection.transmit(Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08))
 */
export class Reader {
  readonly name: string
  readonly options: ReaderOptions
  /** For connections of this reader only. */
  readonly slot: Slot
  readonly lock = new Lock<Connection>()
  /** Protocol that the card was switched to, until its next reset. */
  protocol: number = SCARD.SCARD_PROTOCOL_UNDEFINED
  readonly connections = new Set<Connection>()
  #detached = false
  /** Insertions and removals so far, which PC/SC tells in the upper half of the state. */
  #events = 0
  readonly #watchers = new Set<(change: ReaderChange) => void>()

  constructor(options: ReaderOptions) {
    this.name = options.name
    this.options = options
    this.slot = new Slot({ name: options.name, recorder: options.recorder })
  }

  get card(): Card | null {
    return this.slot.card
  }

  get detached(): boolean {
    return this.#detached
  }

  /** True while a connection has the reader for itself. */
  get exclusive(): boolean {
    return [...this.connections].some(({ shareMode }) => shareMode === SCARD.SCARD_SHARE_EXCLUSIVE)
  }

  /** Answer to reset of the card inside; null without a card, and for a mute one. */
  get atr(): Uint8Array | null {
    const { card } = this.slot
    return card && card.atr.length > 0 ? card.atr : null
  }

  /** `SCARD_STATE_*` flags, and the number of insertions and removals in the upper 16 bits. */
  get state(): number {
    const count = (this.#events & 0xffff) * 0x10000
    if (this.#detached) return count + SCARD.SCARD_STATE_UNAVAILABLE
    if (!this.slot.card) return count + SCARD.SCARD_STATE_EMPTY
    const use = this.exclusive ? SCARD.SCARD_STATE_EXCLUSIVE | SCARD.SCARD_STATE_INUSE : this.connections.size > 0 ? SCARD.SCARD_STATE_INUSE : 0
    return count + (SCARD.SCARD_STATE_PRESENT | use | (this.atr ? 0 : SCARD.SCARD_STATE_MUTE))
  }

  /** State of the card as `status()` tells it ({@link CARD_STATE}). */
  get cardState(): number {
    if (!this.slot.card) return CARD_STATE.ABSENT
    if (this.slot.powered) return CARD_STATE.PRESENT | CARD_STATE.POWERED | CARD_STATE.NEGOTIABLE
    return CARD_STATE.PRESENT | (this.atr ? 0 : CARD_STATE.SWALLOWED)
  }

  /**
   * Puts a card in and powers it, as a resource manager does at once.
   * @throws CardError `SLOT_TAKEN` or `CARD_ELSEWHERE`; PcscError `SCARD_E_READER_UNAVAILABLE` once detached.
   */
  insert(card: Card): void {
    if (this.#detached) throw new PcscError('SCARD_E_READER_UNAVAILABLE')
    this.slot.insert(card)
    this.protocol = SCARD.SCARD_PROTOCOL_UNDEFINED
    this.slot.powerOn('power-on')
    this.#events++
    this.tell('inserted')
  }

  /** Pulls the card: running exchanges and all connections meet `SCARD_W_REMOVED_CARD`. Nothing happens without a card. */
  remove(): void {
    if (!this.slot.card) return
    this.slot.remove()
    this.protocol = SCARD.SCARD_PROTOCOL_UNDEFINED
    for (const connection of this.connections) connection.upset = 'SCARD_W_REMOVED_CARD'
    this.lock.clear()
    this.#events++
    this.tell('removed')
  }

  /** The reader is unplugged, its card with it. */
  detach(): void {
    if (this.#detached) return
    this.remove()
    this.#detached = true
    for (const connection of this.connections) connection.upset = 'SCARD_E_READER_UNAVAILABLE'
    this.lock.clear()
    this.tell('detached')
  }

  /** @throws PcscError as SCardConnect does; the first of: mismatch, bad value, violation, no card, unresponsive. */
  async connect(options: ConnectOptions = {}): Promise<Connection> {
    return await Connection.open(this, options)
  }

  /** Tells changes until the returned function is called. */
  watch(watcher: (change: ReaderChange) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** For connections: what SCARD_RESET_CARD and SCARD_UNPOWER_CARD do to the card and to everybody connected to it. */
  dispose(disposition: number, andPowerOn: boolean): void {
    if (disposition === SCARD.SCARD_EJECT_CARD) {
      if (this.options.ejects) this.remove()
      return
    }
    if (disposition === SCARD.SCARD_LEAVE_CARD || !this.slot.card) return
    this.protocol = SCARD.SCARD_PROTOCOL_UNDEFINED
    if (disposition === SCARD.SCARD_UNPOWER_CARD) this.slot.powerOff()
    if (disposition === SCARD.SCARD_RESET_CARD || andPowerOn) this.slot.powerOn()
    for (const connection of this.connections) connection.upset = 'SCARD_W_RESET_CARD'
  }

  /** For connections: picks T=1 before T=0, as pcsc-lite does, among what the card offers and the caller wants. Null when there is nothing. */
  negotiate(wanted: number): number | null {
    if (wanted & SCARD.SCARD_PROTOCOL_RAW) return SCARD.SCARD_PROTOCOL_RAW
    if (this.protocol !== SCARD.SCARD_PROTOCOL_UNDEFINED) return this.protocol & wanted ? this.protocol : null
    const offered = (readAtr(this.atr ?? new Uint8Array())?.protocols ?? 0) & wanted
    if (offered & SCARD.SCARD_PROTOCOL_T1) return SCARD.SCARD_PROTOCOL_T1
    return offered & SCARD.SCARD_PROTOCOL_T0 ? SCARD.SCARD_PROTOCOL_T0 : null
  }

  /** For connections: answers a control command, or null for an unknown one. */
  control(code: number, data: Uint8Array): Uint8Array | null {
    if (this.options.control) return this.options.control(code, data)
    return code === GET_FEATURES ? new Uint8Array() : null
  }

  /** For connections and fronts. */
  tell(change: ReaderChange): void {
    for (const watcher of [...this.#watchers]) watcher(change)
  }
}

/** A virtual reader; it is seen by the binding fronts once a system has it ({@link System.attach}). */
export function createReader(options: ReaderOptions): Reader {
  return new Reader(options)
}
