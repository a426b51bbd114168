import { connect, isIP, type Socket } from 'node:net'
import { type Card, CardError } from '../card.ts'
import type { Recorder } from '../record/recorder.ts'
import { Slot } from '../slot.ts'
import { VpcdError, type VpcdFrame, VpcdFrames, vpcdAnswer } from './frames.ts'

/** How a virtual card reaches the vpcd driver of pcscd. */
export interface VpcdOptions {
  /** Reader name in the records. */
  readonly name: string
  /** Port on which the driver listens; its first reader has 35963 by default. */
  readonly port: number
  /** A loopback address. Default 127.0.0.1. */
  readonly host?: string
  readonly recorder?: Recorder
  /** Told of each trouble; what can be mended is: the card connects again until it is removed. */
  readonly onTrouble?: (error: VpcdError) => void
  /** Pause before the first new try, doubled up to the last, milliseconds. */
  readonly retry?: { readonly first: number; readonly last: number }
  /** How long a frame may stay unfinished, milliseconds. Default 10 000. */
  readonly frameTimeout?: number
  /** Longest frame taken, bytes. Default 65 535. */
  readonly longestFrame?: number
}

/**
 * The card's side of vpcd (virtualsmartcard): the driver listens, a connected card is an inserted one. Power and APDUs come from pcscd, so
 * that any program of the machine sees the card. A silent or broken card is answered by one byte, which is less
 * than a status word; nothing at all would make pcscd wait for ever.
 *
 * @example
 * const reader = createVpcdReader({ name: 'Virtual PCD 00 00', port: 35963 })
 * await reader.insert(card)
 */
export class VpcdReader {
  readonly name: string
  readonly #options: VpcdOptions
  readonly #slot: Slot
  #socket: Socket | null = null
  #connected = false
  /** True once the answer to reset of the powered card was read, on this connection. */
  #read = false
  /** How often the answer to reset was asked since the insertion, before anything else. */
  #asked = 0
  #timer: NodeJS.Timeout | undefined
  #pause = 0
  #outage = false
  /** Settles the `insert()` that waits. */
  #arrived: ((error: VpcdError | null) => void) | null = null
  /** Who waits for pcscd to have powered the card. */
  #taking: (() => void)[] = []

  /** @throws VpcdError `NOT_LOOPBACK`: a card is not offered to other machines. */
  constructor(options: VpcdOptions) {
    const { host = '127.0.0.1', name, recorder } = options
    if (!isLoopback(host)) throw new VpcdError('NOT_LOOPBACK', `${host} is not an address of this machine alone.`)
    this.name = name
    this.#options = options
    this.#slot = new Slot({ name, recorder })
  }

  get card(): Card | null {
    return this.#slot.card
  }

  /** True while the driver holds the card. */
  get connected(): boolean {
    return this.#connected
  }

  /**
   * Puts a card in; settles when the driver is reached. The connection is kept up until {@link VpcdReader.remove}, also when pcscd is
   * restarted.
   * @throws CardError `SLOT_TAKEN`, `CARD_ELSEWHERE`; VpcdError `UNREACHABLE` when no driver listens within `timeout` milliseconds
   * (default 5 000): the card is out again.
   */
  async insert(card: Card, { timeout = 5_000 }: { readonly timeout?: number } = {}): Promise<void> {
    this.#slot.insert(card)
    this.#pause = this.#options.retry?.first ?? 20
    this.#outage = false
    this.#asked = 0
    const arrival = new Promise<VpcdError | null>((resolve) => {
      this.#arrived = resolve
    })
    const deadline = setTimeout(() => this.#arrived?.(new VpcdError('UNREACHABLE', `No vpcd driver on port ${this.#options.port}.`)), timeout)
    this.#connect()
    const failure = await arrival
    clearTimeout(deadline)
    this.#arrived = null
    if (!failure) return
    this.remove()
    throw failure
  }

  /**
   * Settles when pcscd has powered the card and read its answer to reset, which it does within half a second of the connection: from then on
   * programs find it.
   * @throws VpcdError `NOT_TAKEN` after `timeout` milliseconds (default 5 000).
   */
  async taken({ timeout = 5_000 }: { readonly timeout?: number } = {}): Promise<void> {
    if (this.#read) return
    await new Promise<void>((resolve, reject) => {
      const late = (): void => reject(new VpcdError('NOT_TAKEN', `pcscd has not powered the card within ${timeout} ms.`))
      const timer = setTimeout(late, timeout)
      this.#taking.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Takes the card out: a running exchange fails at the program that waits for it. */
  remove(): void {
    clearTimeout(this.#timer)
    this.#socket?.destroy()
    this.#socket = null
    this.#connected = false
    this.#read = false
    this.#slot.remove()
    this.#arrived?.(new VpcdError('UNREACHABLE', 'The card was removed before the driver took it.'))
  }

  #connect(): void {
    const { port, host = '127.0.0.1', longestFrame } = this.#options
    const socket = connect({ port, host, noDelay: true })
    const frames = new VpcdFrames(longestFrame)
    let unfinished: NodeJS.Timeout | undefined
    let work = Promise.resolve()
    let failure: VpcdError | null = null
    const fail = (error: VpcdError): void => {
      failure ??= error
      socket.destroy()
    }
    this.#socket = socket
    socket.once('connect', () => {
      this.#connected = true
      this.#outage = false
      this.#pause = this.#options.retry?.first ?? 20
      this.#arrived?.(null)
    })
    socket.on('error', (cause) => {
      failure ??= new VpcdError(this.#connected ? 'CONNECTION_LOST' : 'UNREACHABLE', `The vpcd driver on port ${port} cannot be reached.`, cause)
    })
    socket.on('data', (bytes: Buffer) => {
      clearTimeout(unfinished)
      try {
        const whole = frames.push(bytes)
        // No more is read before this is answered.
        if (whole.length > 0) socket.pause()
        for (const frame of whole) work = work.then(() => this.#serve(socket, frame)).catch((error: unknown) => fail(asVpcdError(error)))
        if (whole.length > 0) void work.then(() => socket.resume())
      } catch (error) {
        return fail(asVpcdError(error))
      }
      if (frames.cut)
        unfinished = setTimeout(() => fail(new VpcdError('FRAME_CUT', 'A frame was not finished.')), this.#options.frameTimeout ?? 10_000)
    })
    socket.once('close', () => {
      clearTimeout(unfinished)
      if (this.#socket !== socket) return
      const was = this.#connected
      this.#connected = false
      this.#read = false
      this.#slot.powerOff()
      if (frames.cut) failure ??= new VpcdError('FRAME_CUT', 'The connection ended in the middle of a frame.')
      this.#again(failure ?? new VpcdError('CONNECTION_LOST', `The vpcd driver on port ${port} hung up.`), was)
    })
  }

  /** Tells a trouble, an outage once, and tries again after a pause that grows. */
  #again(error: VpcdError, was: boolean): void {
    if (was || !this.#outage) this.#options.onTrouble?.(error)
    this.#outage = true
    this.#timer = setTimeout(() => this.#connect(), this.#pause)
    this.#pause = Math.min(this.#pause * 2, this.#options.retry?.last ?? 500)
  }

  async #serve(socket: Socket, frame: VpcdFrame): Promise<void> {
    if (this.#socket !== socket) return
    const slot = this.#slot
    if (frame.kind !== 'atr') this.#asked = Number.NEGATIVE_INFINITY
    switch (frame.kind) {
      case 'power-on':
        return void slot.powerOn()
      case 'reset':
        return void slot.powerOn('reset')
      case 'power-off':
        return slot.powerOff()
      case 'atr':
        // pcscd asks this several times a second, to see whether the card is still there. A mute card has no byte to give: one makes no ATR.
        this.#send(socket, slot.card && slot.card.atr.length > 0 ? slot.card.atr : Uint8Array.of(0))
        // pcscd asks twice, then powers the card. A card pulled in the middle of an exchange and followed by another within half a second is one
        // card to it: it goes on asking and gives no power.
        if (++this.#asked === 3) throw new VpcdError('NOT_TAKEN', 'pcscd has not seen that the card before was removed: this one is offered again.')
        this.#read = slot.powered
        if (this.#read) for (const found of this.#taking.splice(0)) found()
        return
      case 'apdu':
        return this.#send(socket, await this.#answer(frame.apdu))
      case 'unknown-control':
        this.#options.onTrouble?.(new VpcdError('UNKNOWN_CONTROL', `The driver sent control ${frame.control}, which has no meaning.`))
    }
  }

  async #answer(apdu: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#slot.exchange(apdu)
    } catch (error) {
      if (error instanceof CardError) return Uint8Array.of(0)
      throw error
    }
  }

  #send(socket: Socket, payload: Uint8Array): void {
    if (this.#socket === socket && !socket.destroyed) socket.write(vpcdAnswer(payload))
  }
}

/** A reader of the system's pcscd whose card is in this process. */
export function createVpcdReader(options: VpcdOptions): VpcdReader {
  return new VpcdReader(options)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function asVpcdError(error: unknown): VpcdError {
  return error instanceof VpcdError ? error : new VpcdError('CONNECTION_LOST', 'The exchange with the driver broke off.', error)
}
