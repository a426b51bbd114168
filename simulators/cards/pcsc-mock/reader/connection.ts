import { CardError } from '../card.ts'
import { PcscError, SCARD, type ScardErrorName } from '../scard.ts'
import type { Reader } from './reader.ts'

/** What SCardConnect and SCardReconnect are asked. */
export interface ConnectOptions {
  /** `SCARD_SHARE_*`. Default: shared. */
  readonly shareMode?: number
  /** Mask of `SCARD_PROTOCOL_*`. Default: T=0 or T=1; of no meaning for a direct connection. */
  readonly protocols?: number
}

/** What SCardStatus tells. */
export interface ConnectionStatus {
  readonly reader: string
  /** {@link CARD_STATE} flags. */
  readonly state: number
  readonly protocol: number
  readonly atr: Uint8Array
}

const ANY_PROTOCOL = SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1
const KNOWN_PROTOCOLS = ANY_PROTOCOL | SCARD.SCARD_PROTOCOL_RAW

/** One program's connection to a reader: what PC/SC calls a card handle. */
export class Connection {
  readonly reader: Reader
  /** Why calls fail until a reconnection: somebody else reset the card, or it was pulled. Written by the reader. */
  upset: ScardErrorName | null = null
  #shareMode: number
  #protocol: number
  #open = true
  /** Transactions begun and not ended. */
  #transactions = 0

  private constructor(reader: Reader, shareMode: number, protocol: number) {
    this.reader = reader
    this.#shareMode = shareMode
    this.#protocol = protocol
  }

  /** Opens a connection; use {@link Reader.connect}. */
  static async open(reader: Reader, { shareMode = SCARD.SCARD_SHARE_SHARED, protocols = ANY_PROTOCOL }: ConnectOptions): Promise<Connection> {
    checkModes(shareMode, protocols)
    // An exclusive connection refuses newcomers; a transaction makes them wait.
    while (reader.exclusive || !reader.lock.isFreeFor(null)) {
      if (reader.exclusive || reader.options.whenHeld === 'refuse') throw new PcscError('SCARD_E_SHARING_VIOLATION')
      await reader.lock.change()
    }
    if (reader.detached) throw new PcscError('SCARD_E_READER_UNAVAILABLE')
    const protocol = ready(reader, shareMode, protocols)
    if (shareMode === SCARD.SCARD_SHARE_EXCLUSIVE && reader.connections.size > 0) throw new PcscError('SCARD_E_SHARING_VIOLATION')
    const connection = new Connection(reader, shareMode, protocol)
    reader.protocol = protocol
    reader.connections.add(connection)
    if (shareMode === SCARD.SCARD_SHARE_EXCLUSIVE) reader.lock.take(connection)
    reader.tell('state')
    return connection
  }

  get shareMode(): number {
    return this.#shareMode
  }

  get protocol(): number {
    return this.#protocol
  }

  /** False once disconnected by its owner. */
  get connected(): boolean {
    return this.#open
  }

  /**
   * One command. `maxLength` is the room for the answer, status bytes included (default: what an extended length can hold); `protocol`
   * must be the active one.
   * @throws PcscError, `SCARD_E_NOT_TRANSACTED` when the card is silent or broken.
   */
  async transmit(command: Uint8Array, { protocol, maxLength = 65_538 }: { protocol?: number; maxLength?: number } = {}): Promise<Uint8Array> {
    if (maxLength < 2) throw new PcscError('SCARD_E_INSUFFICIENT_BUFFER')
    if (!this.#open || !this.reader.lock.isFreeFor(this)) await this.#myTurn()
    if (this.upset) throw new PcscError(this.upset)
    if (protocol !== undefined && protocol !== SCARD.SCARD_PROTOCOL_RAW && protocol !== this.reader.protocol) {
      throw new PcscError(this.reader.card ? 'SCARD_E_PROTO_MISMATCH' : 'SCARD_E_NO_SMARTCARD')
    }
    const response = await this.#exchange(command)
    if (response.length > maxLength) throw new PcscError('SCARD_E_INSUFFICIENT_BUFFER')
    return response
  }

  async #exchange(command: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.reader.slot.exchange(command)
    } catch (error) {
      if (error instanceof CardError) throw new PcscError(EXCHANGE_ERRORS[error.code] ?? 'SCARD_E_NOT_TRANSACTED', error)
      throw error
    }
  }

  /** A command to the reader itself. @throws PcscError `SCARD_E_UNSUPPORTED_FEATURE` for a code that it does not know. */
  async control(code: number, data: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
    await this.#myTurn()
    const answer = this.reader.control(code, data)
    if (!answer) throw new PcscError('SCARD_E_UNSUPPORTED_FEATURE')
    return answer
  }

  /** Holds the reader until {@link Connection.end}; may be nested. Waits for the transaction of another connection. */
  async begin(): Promise<void> {
    if (this.upset) throw new PcscError(this.upset)
    await this.#myTurn()
    if (this.upset) throw new PcscError(this.upset)
    this.reader.lock.take(this)
    this.#transactions++
    this.reader.slot.noteTransaction('begin-transaction')
  }

  /** Ends a transaction. A reset leaves every connection, this one too, with `SCARD_W_RESET_CARD` until it reconnects (pcsc-lite). */
  async end(disposition: number = SCARD.SCARD_LEAVE_CARD): Promise<void> {
    checkDisposition(disposition, SCARD.SCARD_EJECT_CARD)
    this.#mustBeOpen()
    if (this.upset) throw new PcscError(this.upset)
    if (!this.reader.lock.isFreeFor(this)) throw new PcscError('SCARD_E_SHARING_VIOLATION')
    if (this.#transactions === 0) throw new PcscError('SCARD_E_NOT_TRANSACTED')
    if (disposition !== SCARD.SCARD_LEAVE_CARD) await this.reader.slot.idle()
    this.reader.dispose(disposition, true)
    this.reader.slot.noteTransaction('end-transaction')
    this.#transactions--
    this.reader.lock.release(this)
  }

  /** @throws PcscError `SCARD_W_RESET_CARD`, `SCARD_W_REMOVED_CARD`, `SCARD_E_INVALID_HANDLE`. */
  async status(): Promise<ConnectionStatus> {
    await this.#myTurn()
    return this.statusNow()
  }

  /** {@link Connection.status} for bindings whose call cannot wait: another's transaction is `SCARD_E_SHARING_VIOLATION`. */
  statusNow(): ConnectionStatus {
    this.#mustBeOpen()
    if (!this.reader.lock.isFreeFor(this)) throw new PcscError('SCARD_E_SHARING_VIOLATION')
    if (this.upset) throw new PcscError(this.upset)
    const { name, cardState, protocol, atr } = this.reader
    return { reader: name, state: cardState, protocol, atr: atr ?? new Uint8Array() }
  }

  /** Takes the card up again after a reset or a new insertion; may change the share mode. Gives the active protocol. */
  async reconnect({
    shareMode = SCARD.SCARD_SHARE_SHARED,
    protocols = ANY_PROTOCOL,
    initialization = SCARD.SCARD_LEAVE_CARD,
  }: ConnectOptions & { readonly initialization?: number } = {}): Promise<number> {
    checkDisposition(initialization, SCARD.SCARD_UNPOWER_CARD)
    checkModes(shareMode, protocols)
    await this.#myTurn()
    if (initialization !== SCARD.SCARD_LEAVE_CARD) {
      await this.reader.slot.idle()
      this.reader.dispose(initialization, true)
    }
    this.#protocol = ready(this.reader, shareMode, protocols)
    this.reader.protocol = this.#protocol
    this.#share(shareMode)
    // What a removal broke off is not resumed.
    if (this.upset === 'SCARD_W_REMOVED_CARD') this.#transactions = 0
    this.upset = null
    this.reader.tell('state')
    return this.#protocol
  }

  #share(shareMode: number): void {
    const exclusive = shareMode === SCARD.SCARD_SHARE_EXCLUSIVE
    const was = this.#shareMode === SCARD.SCARD_SHARE_EXCLUSIVE
    if (exclusive && this.reader.connections.size > 1) throw new PcscError('SCARD_E_SHARING_VIOLATION')
    // A removal frees the reader of every hold.
    if (exclusive && (!was || this.reader.lock.holder !== this)) this.reader.lock.take(this)
    this.#shareMode = shareMode
    if (was && !exclusive) this.reader.lock.release(this)
  }

  /** Closes the connection and leaves, resets, unpowers or ejects the card. Closing twice changes nothing. */
  async disconnect(disposition: number = SCARD.SCARD_LEAVE_CARD): Promise<void> {
    checkDisposition(disposition, SCARD.SCARD_EJECT_CARD)
    if (!this.#open) return
    if (disposition !== SCARD.SCARD_LEAVE_CARD) {
      await this.#myTurn()
      await this.reader.slot.idle()
    }
    this.disconnectNow(disposition)
  }

  /** {@link Connection.disconnect} for bindings whose call cannot wait: another's transaction is `SCARD_E_SHARING_VIOLATION`. */
  disconnectNow(disposition: number = SCARD.SCARD_LEAVE_CARD): void {
    checkDisposition(disposition, SCARD.SCARD_EJECT_CARD)
    if (!this.#open) return
    if (disposition !== SCARD.SCARD_LEAVE_CARD && !this.reader.lock.isFreeFor(this)) throw new PcscError('SCARD_E_SHARING_VIOLATION')
    this.#open = false
    this.reader.connections.delete(this)
    this.reader.dispose(disposition, false)
    this.reader.lock.drop(this)
    this.reader.tell('state')
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new PcscError('SCARD_E_INVALID_HANDLE')
    if (this.reader.detached) throw new PcscError('SCARD_E_READER_UNAVAILABLE')
  }

  async #myTurn(): Promise<void> {
    this.#mustBeOpen()
    while (!this.reader.lock.isFreeFor(this)) {
      if (this.reader.options.whenHeld === 'refuse') throw new PcscError('SCARD_E_SHARING_VIOLATION')
      await this.reader.lock.change()
      this.#mustBeOpen()
    }
  }
}

const EXCHANGE_ERRORS: Readonly<Record<string, ScardErrorName>> = {
  NO_CARD: 'SCARD_E_NO_SMARTCARD',
  REMOVED: 'SCARD_W_REMOVED_CARD',
  RESET: 'SCARD_W_RESET_CARD',
  UNPOWERED: 'SCARD_W_UNPOWERED_CARD',
}

/** Powers the card where it must be, and gives the protocol that it will speak. */
function ready(reader: Reader, shareMode: number, protocols: number): number {
  if (shareMode === SCARD.SCARD_SHARE_DIRECT) return protocols & SCARD.SCARD_PROTOCOL_RAW ? SCARD.SCARD_PROTOCOL_RAW : reader.protocol
  if (!reader.card) throw new PcscError('SCARD_E_NO_SMARTCARD')
  if (!reader.slot.powered && reader.slot.powerOn().length === 0) throw new PcscError('SCARD_W_UNRESPONSIVE_CARD')
  const protocol = reader.negotiate(protocols)
  if (protocol === null) throw new PcscError('SCARD_E_PROTO_MISMATCH')
  return protocol
}

function checkModes(shareMode: number, protocols: number): void {
  if (shareMode !== SCARD.SCARD_SHARE_DIRECT && !(protocols & KNOWN_PROTOCOLS)) throw new PcscError('SCARD_E_PROTO_MISMATCH')
  if (![1, 2, 3].includes(shareMode)) throw new PcscError('SCARD_E_INVALID_VALUE')
}

function checkDisposition(disposition: number, last: number): void {
  if (!Number.isInteger(disposition) || disposition < 0 || disposition > last) throw new PcscError('SCARD_E_INVALID_VALUE')
}
