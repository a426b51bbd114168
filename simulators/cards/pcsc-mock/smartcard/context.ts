import type { Connection } from '../reader/connection.ts'
import type { Reader as VirtualReader } from '../reader/reader.ts'
import type { System } from '../reader/system.ts'
import { SCARD } from '../scard.ts'
import { PCSCError, translated, translatedLater } from './errors.ts'
import type { Card, Context, MonitorEvent, Reader, ReaderMonitor, ReaderState, TransmitOptions } from './types.ts'

/** Largest answer without and with `maxRecvLength`, as in npm `smartcard`. */
const DEFAULT_ROOM = 258
const LARGEST_ROOM = 262_144

/** The two classes of npm `smartcard` that reach the system, over the readers of one {@link System}. */
export function bindingOf(system: System): { readonly Context: new () => Context; readonly ReaderMonitor: new () => ReaderMonitor } {
  return {
    Context: class extends MockContext {
      constructor() {
        super(system)
      }
    },
    ReaderMonitor: class extends MockMonitor {
      constructor() {
        super(system)
      }
    },
  }
}

class MockContext implements Context {
  readonly #system: System
  readonly #connections = new Set<Connection>()
  #valid = true
  #cancel: (() => void)[] = []

  constructor(system: System) {
    this.#system = system
  }

  get isValid(): boolean {
    return this.#valid
  }

  listReaders(): Reader[] {
    this.#mustBeValid()
    return this.#system.readers.map((reader) => ({
      name: reader.name,
      state: reader.state,
      atr: buffer(reader.atr),
      connect: async (shareMode = SCARD.SCARD_SHARE_SHARED, protocols = SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1) => {
        this.#mustBeValid()
        const connection = await translatedLater(() => reader.connect({ shareMode, protocols }))
        this.#connections.add(connection)
        return new MockCard(connection)
      },
    }))
  }

  async waitForChange(readers: (Reader | ReaderState)[] = [], timeout?: number): Promise<ReaderState[] | null> {
    this.#mustBeValid()
    const known = readers.length > 0 ? readers : this.#system.readers.map(({ name }) => ({ name, state: SCARD.SCARD_STATE_UNAWARE }))
    const look = (): ReaderState[] => known.map((one) => this.#stateOf(one))
    const seen = look()
    if (seen.some(({ changed }) => changed)) return seen
    return await new Promise((resolve) => {
      const end = (result: ReaderState[] | null): void => {
        unwatch()
        clearTimeout(timer)
        this.#cancel = this.#cancel.filter((one) => one !== cancel)
        resolve(result)
      }
      const cancel = (): void => end(null)
      const unwatch = this.#system.watch(() => {
        const now = look()
        if (now.some(({ changed }) => changed) || known.length === 0) end(now)
      })
      const timer = timeout === undefined ? undefined : setTimeout(() => end([]), timeout)
      this.#cancel.push(cancel)
    })
  }

  cancel(): void {
    for (const cancel of [...this.#cancel]) cancel()
  }

  close(): void {
    if (!this.#valid) return
    this.#valid = false
    this.cancel()
    for (const connection of this.#connections) connection.disconnectNow()
    this.#connections.clear()
  }

  #stateOf({ name, state: known }: Pick<ReaderState, 'name' | 'state'>): ReaderState {
    const reader = this.#system.readers.find((one) => one.name === name)
    const state = reader?.state ?? SCARD.SCARD_STATE_UNKNOWN | SCARD.SCARD_STATE_UNAVAILABLE
    const changed = ((known ^ state) & 0xffff & ~SCARD.SCARD_STATE_CHANGED) !== 0 || (known > 0xffff && known >>> 16 !== state >>> 16)
    return { name, state: changed ? state | SCARD.SCARD_STATE_CHANGED : state, changed, atr: buffer(reader?.atr ?? null) }
  }

  #mustBeValid(): void {
    if (!this.#valid) throw new PCSCError('The context is closed.', 0x80100003)
  }
}

/** One connected card. */
class MockCard implements Card {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get protocol(): number {
    return this.#connection.protocol
  }

  get connected(): boolean {
    return this.#connection.connected
  }

  get atr(): Buffer | null {
    if (!this.#connection.connected || this.#connection.upset) return null
    return buffer(this.#connection.reader.atr)
  }

  /** Takes `maxRecvLength`; `autoGetResponse` belongs to the wrapper around it ({@link wrapCard}), as in the package. */
  async transmit(command: Buffer | number[], { maxRecvLength = DEFAULT_ROOM }: TransmitOptions = {}): Promise<Buffer> {
    this.#mustBeConnected()
    const { protocol } = this.#connection
    const maxLength = Math.min(maxRecvLength || DEFAULT_ROOM, LARGEST_ROOM)
    const bytes = command instanceof Uint8Array ? command : Uint8Array.from(command)
    return Buffer.from(await translatedLater(() => this.#connection.transmit(bytes, { protocol, maxLength })))
  }

  async control(code: number, data: Buffer | number[] = []): Promise<Buffer> {
    this.#mustBeConnected()
    return Buffer.from(await translatedLater(() => this.#connection.control(code, Uint8Array.from(data))))
  }

  getStatus(): { state: number; protocol: number; atr: Buffer } {
    this.#mustBeConnected()
    const { state, protocol, atr } = translated(() => this.#connection.statusNow())
    return { state, protocol, atr: Buffer.from(atr) }
  }

  disconnect(disposition: number = SCARD.SCARD_LEAVE_CARD): void {
    translated(() => this.#connection.disconnectNow(disposition))
  }

  async reconnect(
    shareMode: number = SCARD.SCARD_SHARE_SHARED,
    protocols: number = SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1,
    initialization: number = SCARD.SCARD_LEAVE_CARD,
  ): Promise<number> {
    this.#mustBeConnected()
    return await translatedLater(() => this.#connection.reconnect({ shareMode, protocols, initialization }))
  }

  #mustBeConnected(): void {
    if (!this.#connection.connected) throw new PCSCError('The card is not connected.', 0x80100003)
  }
}

/** Tells what happens at the readers; those that are there already are told first. */
class MockMonitor implements ReaderMonitor {
  readonly #system: System
  #unwatch: (() => void) | null = null

  constructor(system: System) {
    this.#system = system
  }

  get isRunning(): boolean {
    return this.#unwatch !== null
  }

  start(callback: (event: MonitorEvent) => void): void {
    if (this.#unwatch) throw new PCSCError('The monitor runs already.', 0x80100004)
    const queued = (type: MonitorEvent['type'], { name, state, atr }: VirtualReader): void => {
      const event = { type, reader: name, state, atr: type === 'card-removed' ? null : buffer(atr) }
      // Like a thread's message: never inside the call that caused it.
      queueMicrotask(() => this.#unwatch && callback(event))
    }
    this.#unwatch = this.#system.watch(({ change, reader }) => {
      const type = EVENTS[change]
      if (type) queued(type, reader)
    })
    for (const reader of this.#system.readers) queued('reader-attached', reader)
  }

  stop(): void {
    this.#unwatch?.()
    this.#unwatch = null
  }
}

const EVENTS: Readonly<Record<string, MonitorEvent['type']>> = {
  attached: 'reader-attached',
  detached: 'reader-detached',
  inserted: 'card-inserted',
  removed: 'card-removed',
}

function buffer(atr: Uint8Array | null): Buffer | null {
  return atr && Buffer.from(atr)
}
