import { xor } from '#simulators/kms/cipher.ts'
import type { AuthenticationMode, SessionKeys } from '#simulators/kms/three-pass.ts'
import { crc16, crc32 } from '../crc.ts'
import type { Framing } from '../framing.ts'
import { type Channel, type CommunicationMode, NOTHING, openChannel } from '../messaging/channel.ts'
import type { KeyFamily } from '../state.ts'
import { STATUS } from '../status.ts'
import { exchange, frame, type Transmit } from './exchange.ts'
import type { KeyHolder } from './keys.ts'

export { kmsKey, localKey } from './keys.ts'

/** A check that a careless terminal leaves out. */
export type Neglect = 'rnda' | 'answer-integrity'

export interface TerminalOptions {
  readonly transmit: Transmit
  readonly framing?: Framing
  /** None unless told: an honest terminal checks all. */
  readonly neglects?: readonly Neglect[]
}

/**
 * What came of an exchange. `refused`: the card said so (`status`). `card-unproved`: its last answer does not prove the key.
 * `answer-forged`: a code of integrity is wrong. `key-unavailable`: the holder did not answer. `unreadable`: no DESFire answer.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly because: 'refused'; readonly status: number }
  | { readonly ok: false; readonly because: 'card-unproved' | 'answer-forged' | 'key-unavailable' | 'unreadable'; readonly status: number | null }

/** What a read or a write is about. `long` takes the variants of EV2 with frames of up to 255 bytes. */
export interface Place {
  readonly file: number
  readonly mode: CommunicationMode
  readonly offset?: number
  readonly long?: boolean
}

/** A key to put into a card. */
export interface NewKey {
  readonly family: KeyFamily
  readonly bytes: Uint8Array
  /** AES only. */
  readonly version?: number
  /** The key that is replaced; needed unless it is the one of the session. */
  readonly old?: Uint8Array
}

/** A terminal at one card. Any failure ends its session. */
export interface Terminal {
  /** Keys of the session in force. */
  readonly session: SessionKeys | undefined
  selectApplication(aid: number): Promise<Outcome<Buffer>>
  authenticate(mode: AuthenticationMode, keyNumber: number, holder: KeyHolder): Promise<Outcome<SessionKeys>>
  /** Length 0 reads to the end of the file. */
  readData(place: Place, length?: number): Promise<Outcome<Buffer>>
  writeData(place: Place, data: Uint8Array): Promise<Outcome<Buffer>>
  changeKey(number: number, key: NewKey): Promise<Outcome<Buffer>>
  getCardUid(): Promise<Outcome<Buffer>>
  /**
   * Any command: `header` as it is, `data` in `mode`, the answer in `answer`. What is not told travels as commands do that are not about
   * a file: with a code in EV2 messaging, without one before.
   */
  command(code: number, more?: CommandParts): Promise<Outcome<Buffer>>
}

export interface CommandParts {
  readonly header?: Uint8Array
  readonly data?: Uint8Array
  readonly mode?: CommunicationMode
  readonly answer?: CommunicationMode
  /** Bytes of the answer's data, when they are known. */
  readonly length?: number
  readonly tail?: Uint8Array
  /** Bytes of a frame. */
  readonly frame?: number
}

/**
 * The terminal's side of DESFire: AN12196 and AN12343 for EV2; D40 and EV1 as published clients speak them.
 * @example
 * const terminal = createTerminal({ transmit: card.transmit })
 * await terminal.selectApplication(0xf54230)
 * const proved = await terminal.authenticate('ev2-first', 1, kmsKey(kms, { badge, application }))
 */
export function createTerminal({ transmit, framing = 'wrapped', neglects = [] }: TerminalOptions): Terminal {
  let keys: SessionKeys | undefined
  let keyNumber = 0
  let transaction: Buffer = Buffer.alloc(0)
  let channel: Channel | undefined
  let application = 0

  function failed(because: 'card-unproved' | 'answer-forged' | 'key-unavailable' | 'unreadable', status: number | null): Outcome<never> {
    keys = undefined
    channel = undefined
    return { ok: false, because, status }
  }

  function refused(status: number | null): Outcome<never> {
    keys = undefined
    channel = undefined
    return status === null ? { ok: false, because: 'unreadable', status } : { ok: false, because: 'refused', status }
  }

  async function command(code: number, parts: CommandParts = {}): Promise<Outcome<Buffer>> {
    const { header = NOTHING, data = NOTHING, mode, tail, length } = parts
    const body = channel
      ? channel.protect(code, header, data, data.length > 0 && mode ? mode : channel.bare(mode ?? 'mac'), tail)
      : Buffer.concat([header, data])
    const said = await exchange(transmit, framing, code, body, parts.frame)
    if (said.status !== STATUS.ok) return refused(said.status)
    if (!channel) return { ok: true, value: said.data }
    const wanted = parts.answer ?? 'mac'
    const checked = channel.check(said.data, parts.answer === undefined ? channel.bare(wanted) : wanted, length)
    return checked.genuine || neglects.includes('answer-integrity') ? { ok: true, value: checked.data } : failed('answer-forged', said.status)
  }

  async function authenticate(mode: AuthenticationMode, number: number, holder: KeyHolder): Promise<Outcome<SessionKeys>> {
    const counter = mode === 'ev2-non-first' ? channel?.counter : 0
    const first = await frame(transmit, framing, CODES[mode], mode === 'ev2-first' ? Uint8Array.of(number, 0) : Uint8Array.of(number))
    if (first.status !== STATUS.additionalFrame) return refused(first.status)
    const second = await holder.answer(mode, first.data)
    if (!second) return failed('key-unavailable', first.status)
    const last = await frame(transmit, framing, STATUS.additionalFrame, second.token)
    if (last.status !== STATUS.ok) return refused(last.status)
    const { genuine, session } = second.conclude(last.data)
    if (!genuine && !neglects.includes('rnda')) return failed('card-unproved', last.status)
    if (mode !== 'ev2-non-first') transaction = session.transaction
    keys = session
    keyNumber = number
    channel = openChannel(session, counter, transaction)
    return { ok: true, value: session }
  }

  async function changeKey(number: number, { family, bytes, version = 0, old }: NewKey): Promise<Outcome<Buffer>> {
    const own = number === keyNumber
    const mixed = own || !old ? Buffer.from(bytes) : xor(bytes, old)
    const data = family === 'aes' ? Buffer.concat([mixed, Uint8Array.of(version)]) : mixed
    const tail = own ? NOTHING : channel?.kind === 'd40' ? crc16(bytes) : crc32(bytes)
    // On the card's level the number tells the cipher too.
    const named = application === 0 ? number | FAMILIES[family] : number
    const parts = { header: Uint8Array.of(named), data, mode: 'full', tail } as const
    if (!own || !channel) return command(0xc4, parts)
    const said = await exchange(transmit, framing, 0xc4, channel.protect(0xc4, parts.header, data, 'full', tail))
    keys = undefined
    channel = undefined
    return said.status === STATUS.ok ? { ok: true, value: said.data } : refused(said.status)
  }

  return {
    get session() {
      return keys
    },
    authenticate,
    changeKey,
    command,
    async selectApplication(aid) {
      keys = undefined
      channel = undefined
      const said = await frame(transmit, framing, 0x5a, number24(aid))
      if (said.status !== STATUS.ok) return refused(said.status)
      application = aid
      return { ok: true, value: said.data }
    },
    readData: ({ file, mode, offset = 0, long = false }, length = 0) =>
      command(long ? 0xad : 0xbd, {
        header: Buffer.concat([Uint8Array.of(file), number24(offset), number24(length)]),
        mode,
        answer: mode,
        ...(length > 0 ? { length } : {}),
      }),
    writeData: ({ file, mode, offset = 0, long = false }, data) =>
      command(long ? 0x8d : 0x3d, {
        header: Buffer.concat([Uint8Array.of(file), number24(offset), number24(data.length)]),
        data,
        mode,
        ...(mode === 'plain' ? { answer: 'plain' } : {}),
        ...(long ? { frame: 255 } : {}),
      }),
    getCardUid: () => command(0x51, { answer: 'full', length: 7 }),
  }
}

const CODES: Readonly<Record<AuthenticationMode, number>> = { legacy: 0x0a, iso: 0x1a, aes: 0xaa, 'ev2-first': 0x71, 'ev2-non-first': 0x77 }
const FAMILIES: Readonly<Record<KeyFamily, number>> = { des: 0x00, '3tdea': 0x40, aes: 0x80 }

function number24(value: number): Buffer {
  const out = Buffer.alloc(3)
  out.writeUIntLE(value, 0, 3)
  return out
}
