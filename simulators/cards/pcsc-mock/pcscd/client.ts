import { connect, type Socket } from 'node:net'
import { PcscError, pcscErrorOf, SCARD } from '../scard.ts'

/** Commands of pcscd's own socket and the layout of their messages (pcsc-lite 1.9 to 2, winscard_msg.h; protocol 4.4). */
const MESSAGE = {
  ESTABLISH: 0x01,
  CONNECT: 0x04,
  RECONNECT: 0x05,
  DISCONNECT: 0x06,
  BEGIN: 0x07,
  END: 0x08,
  TRANSMIT: 0x09,
  STATUS: 0x0b,
  VERSION: 0x11,
}
const READER_NAME = 128
/** What a transmit may bring back (MAX_BUFFER_SIZE_EXTENDED). */
const ROOM = 65_548
/** Size of SCARD_IO_REQUEST on 64 bits. */
const PCI = 16

/** A program's side of a pcscd, in this process and without compiled code: what libpcsclite is to other programs. Calls come one by one. */
export class PcscdClient {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #wake: (() => void) | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #context = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.#received = this.#received.length > 0 ? Buffer.concat([this.#received, bytes]) : bytes
      this.#wake?.()
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#wake?.())
  }

  /** Opens a context on a daemon's socket ({@link Pcscd.env}). @throws PcscError `SCARD_E_NO_SERVICE`. */
  static async open({ PCSCLITE_CSOCK_NAME: path }: { readonly PCSCLITE_CSOCK_NAME: string }): Promise<PcscdClient> {
    const socket = connect(path)
    const client = new PcscdClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', (cause) => reject(new PcscError('SCARD_E_NO_SERVICE', cause)))
    })
    await client.#call(MESSAGE.VERSION, [4, 4, 0], 2)
    client.#context = (await client.#call(MESSAGE.ESTABLISH, [2, 0, 0], 2))[1] ?? 0
    return client
  }

  /** Connects to a card, as {@link Reader.connect}. */
  async connect(
    reader: string,
    {
      shareMode = SCARD.SCARD_SHARE_SHARED,
      protocols = SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1,
    }: { readonly shareMode?: number; readonly protocols?: number } = {},
  ): Promise<PcscdCard> {
    const name = Buffer.alloc(READER_NAME)
    name.write(reader, 'utf8')
    const fields = [this.#context, name, shareMode, protocols, 0, 0, 0]
    const at = 1 + READER_NAME / 4
    const answer = await this.#call(MESSAGE.CONNECT, fields, at + 4)
    return new PcscdCard((command, values, result, data) => this.#call(command, values, result, data), answer[at + 2] ?? 0, answer[at + 3] ?? 0)
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Sends a message of 32-bit fields, with data behind it for a transmit, and gives the fields back. @throws PcscError by the `result` field. */
  #call(command: number, fields: readonly (number | Buffer)[], result: number, data?: Uint8Array): Promise<CallResult> {
    const done = this.#turn.then(async () => {
      const body = Buffer.concat(fields.map((field) => (typeof field === 'number' ? word(field) : field)))
      this.#socket.write(Buffer.concat([word(body.length), word(command), body, ...(data ? [data] : [])]))
      const answer = await this.#take(body.length)
      const values: CallResult = Array.from({ length: body.length / 4 }, (_, index) => answer.readUInt32LE(index * 4))
      const code = values[result] ?? 0
      if (code !== 0) throw pcscErrorOf(code)
      if (data) values.data = await this.#take(values[6] ?? 0)
      return values
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#received.length < length) {
      if (this.#socket.destroyed) throw new PcscError('SCARD_E_NO_SERVICE')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const taken = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return taken
  }
}

/** Fields of an answer, and the card's bytes behind those of a transmit. */
type CallResult = number[] & { data?: Buffer }
type Call = (command: number, fields: readonly (number | Buffer)[], result: number, data?: Uint8Array) => Promise<CallResult>

/** A card connected through pcscd; the calls of {@link Connection}. Where another holds the reader it is refused: pcscd leaves waiting to its library. */
export class PcscdCard {
  readonly #call: Call
  readonly #handle: number
  #protocol: number
  #open = true

  constructor(call: Call, handle: number, protocol: number) {
    // A closed handle is refused on this side, as libpcsclite does: pcscd hangs up on who uses one.
    this.#call = async (...message) => {
      if (!this.#open) throw new PcscError('SCARD_E_INVALID_HANDLE')
      return await call(...message)
    }
    this.#handle = handle
    this.#protocol = protocol
  }

  get protocol(): number {
    return this.#protocol
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const fields = [this.#handle, this.#protocol, PCI, command.length, this.#protocol, PCI, ROOM, 0]
    const { data } = await this.#call(MESSAGE.TRANSMIT, fields, 7, command)
    return Uint8Array.from(data ?? [])
  }

  async begin(): Promise<void> {
    await this.#call(MESSAGE.BEGIN, [this.#handle, 0], 1)
  }

  async end(disposition: number = SCARD.SCARD_LEAVE_CARD): Promise<void> {
    await this.#call(MESSAGE.END, [this.#handle, disposition, 0], 2)
  }

  /** Only whether it fails: the daemon tells the rest in shared tables. */
  async status(): Promise<void> {
    await this.#call(MESSAGE.STATUS, [this.#handle, 0], 1)
  }

  async reconnect({
    shareMode = SCARD.SCARD_SHARE_SHARED,
    protocols = SCARD.SCARD_PROTOCOL_T0 | SCARD.SCARD_PROTOCOL_T1,
    initialization = SCARD.SCARD_LEAVE_CARD,
  }: {
    readonly shareMode?: number
    readonly protocols?: number
    readonly initialization?: number
  } = {}): Promise<number> {
    const answer = await this.#call(MESSAGE.RECONNECT, [this.#handle, shareMode, protocols, initialization, 0, 0], 5)
    this.#protocol = answer[4] ?? 0
    return this.#protocol
  }

  async disconnect(disposition: number = SCARD.SCARD_LEAVE_CARD): Promise<void> {
    await this.#call(MESSAGE.DISCONNECT, [this.#handle, disposition, 0], 2)
    this.#open = false
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
