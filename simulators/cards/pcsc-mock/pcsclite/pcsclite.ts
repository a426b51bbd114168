import { EventEmitter } from 'node:events'
import type { Connection } from '../reader/connection.ts'
import type { Reader } from '../reader/reader.ts'
import type { System } from '../reader/system.ts'
import { PcscError, SCARD } from '../scard.ts'

/** What the event `status` of a reader tells. */
export interface ReaderStatus {
  /** `SCARD_STATE_*` flags, and the number of insertions and removals in the upper half. */
  readonly state: number
  readonly atr?: Buffer
}

/** Node's way: an error, or nothing and the result. */
type Callback<Result extends unknown[]> = (error: Error | null | undefined, ...result: Partial<Result>) => void

/** The list of readers: emits `reader` for each one, and `error`. */
export interface PCSCLite extends EventEmitter<{ reader: [CardReader]; error: [Error] }> {
  readonly readers: Record<string, CardReader>
  close(): void
}

/** Readers of one system behind the callback API of `@pokusew/pcsclite`. */
export function pcscliteOver(system: System): PCSCLite {
  const readers: Record<string, CardReader> = {}
  let open = true
  let unwatch = (): void => undefined
  const list: PCSCLite = Object.assign(new EventEmitter<{ reader: [CardReader]; error: [Error] }>(), {
    readers,
    close() {
      open = false
      unwatch()
      for (const reader of Object.values(readers)) reader.close()
    },
  })
  const add = (virtual: Reader): void => {
    const reader = new CardReader(virtual)
    readers[virtual.name] = reader
    reader.once('end', () => void delete readers[virtual.name])
    list.emit('reader', reader)
    reader.tellStatus()
  }
  process.nextTick(() => {
    if (!open) return
    unwatch = system.watch(({ change, reader }) => {
      if (change === 'attached') add(reader)
    })
    for (const reader of system.readers) add(reader)
  })
  return list
}

/** One reader; its calls answer by callback, never before they return. */
export class CardReader extends EventEmitter<{ status: [ReaderStatus]; error: [Error]; end: [] }> {
  readonly name: string
  /** State told last; a listener of `status` still finds the one before. */
  state = 0
  connected = false
  readonly #reader: Reader
  #connection: Connection | null = null
  #unwatch: () => void
  #told = -1

  declare readonly SCARD_SHARE_EXCLUSIVE: number
  declare readonly SCARD_SHARE_SHARED: number
  declare readonly SCARD_SHARE_DIRECT: number
  declare readonly SCARD_PROTOCOL_T0: number
  declare readonly SCARD_PROTOCOL_T1: number
  declare readonly SCARD_PROTOCOL_RAW: number
  declare readonly SCARD_STATE_UNAWARE: number
  declare readonly SCARD_STATE_IGNORE: number
  declare readonly SCARD_STATE_CHANGED: number
  declare readonly SCARD_STATE_UNKNOWN: number
  declare readonly SCARD_STATE_UNAVAILABLE: number
  declare readonly SCARD_STATE_EMPTY: number
  declare readonly SCARD_STATE_PRESENT: number
  declare readonly SCARD_STATE_ATRMATCH: number
  declare readonly SCARD_STATE_EXCLUSIVE: number
  declare readonly SCARD_STATE_INUSE: number
  declare readonly SCARD_STATE_MUTE: number
  declare readonly SCARD_LEAVE_CARD: number
  declare readonly SCARD_RESET_CARD: number
  declare readonly SCARD_UNPOWER_CARD: number
  declare readonly SCARD_EJECT_CARD: number
  declare readonly IOCTL_CCID_ESCAPE: number

  constructor(reader: Reader) {
    super()
    this.name = reader.name
    this.#reader = reader
    this.#unwatch = reader.watch((change) => (change === 'detached' ? this.close() : this.tellStatus()))
  }

  get_status(callback: Callback<[state: number, atr: Buffer]>): void {
    const { state, atr } = this.#reader
    queueMicrotask(() => callback(null, state, Buffer.from(atr ?? [])))
  }

  /** Options default to an exclusive connection, T=0 or T=1. A connected reader calls back at once. */
  connect(options: { share_mode?: number; protocol?: number } | Callback<[protocol: number]>, callback?: Callback<[protocol: number]>): void {
    const done = typeof options === 'function' ? options : callback
    const { share_mode, protocol } = typeof options === 'function' ? {} : options
    if (this.connected) return void done?.(undefined)
    const protocols = protocol ?? SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1
    this.#answer('SCardConnect', done, async () => {
      this.#connection = await this.#reader.connect({ shareMode: share_mode || SCARD.SCARD_SHARE_EXCLUSIVE, protocols })
      this.connected = true
      return this.#connection.protocol
    })
  }

  /** The disposition defaults to `SCARD_UNPOWER_CARD`. */
  disconnect(disposition: number | Callback<[]> | undefined, callback?: Callback<[]>): void {
    const done = typeof disposition === 'function' ? disposition : callback
    if (!this.connected) return void done?.(undefined)
    this.#answer('SCardDisconnect', done, async () => {
      await this.#connection?.disconnect(typeof disposition === 'number' ? disposition : SCARD.SCARD_UNPOWER_CARD)
      this.#connection = null
      this.connected = false
    })
  }

  /** `maxLength`: room for the answer, status word included. */
  transmit(data: Buffer, maxLength: number, protocol: number, callback: Callback<[response: Buffer]>): void {
    const connection = this.#connection
    if (!connection) return void callback(new Error('Card reader not connected'))
    this.#answer('SCardTransmit', callback, async () => Buffer.from(await connection.transmit(Uint8Array.from(data), { protocol, maxLength })))
  }

  control(data: Buffer, code: number, maxLength: number, callback: Callback<[response: Buffer]>): void {
    const connection = this.#connection
    if (!connection) return void callback(new Error('Card reader not connected'))
    this.#answer('SCardControl', callback, async () => Buffer.from((await connection.control(code, data)).subarray(0, maxLength)))
  }

  SCARD_CTL_CODE(code: number): number {
    return process.platform === 'win32' ? 0x31 * 0x10000 + code * 4 : 0x42000000 + code
  }

  /** No more events; `end` is the last one. */
  close(): void {
    this.#unwatch()
    this.#unwatch = () => undefined
    queueMicrotask(() => {
      this.removeAllListeners('status')
      this.emit('end')
    })
  }

  /** For the list of readers: tells the state when it is not the one told last. */
  tellStatus(): void {
    const { state, atr } = this.#reader
    if (state === this.#told) return
    this.#told = state
    queueMicrotask(() => {
      this.emit('status', { state: state | SCARD.SCARD_STATE_CHANGED, ...(atr && { atr: Buffer.from(atr) }) })
      this.state = state | SCARD.SCARD_STATE_CHANGED
    })
  }

  /** Runs a call and hands its end to the callback, an error in the words of this binding: call, sentence, number. */
  #answer<Result>(call: string, callback: Callback<[Result]> | undefined, run: () => Promise<Result>): void {
    run().then(
      (result) => callback?.(null, result),
      (error: unknown) => callback?.(told(call, error)),
    )
  }
}

Object.assign(CardReader.prototype, SCARD, { IOCTL_CCID_ESCAPE: 0x42000000 + 1 })

function told(call: string, error: unknown): Error {
  if (!(error instanceof PcscError)) return error instanceof Error ? error : new Error(String(error))
  return Object.assign(new Error(`${call} error: ${error.message}(0x${error.code.toString(16)})`, { cause: error }), { code: error.code })
}
