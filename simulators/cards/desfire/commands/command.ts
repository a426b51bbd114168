import type { CommunicationMode } from '../messaging/channel.ts'
import type { Chip } from '../state.ts'
import { demand, Refusal, STATUS } from '../status.ts'

/** An answer with its protection; `cuts` says where its frames end when the command prescribes it. */
export interface Answer {
  readonly data: Buffer
  readonly cuts?: readonly number[]
}

/** One command of the card, run when all of it has come. Refuses by throwing a `Refusal`. */
export type Command = (chip: Chip, body: Buffer, command: number) => Answer

/** A command whose body holds nothing secret: the body without its code of integrity. It travels as the card's own commands do. */
export function take(chip: Chip, command: number, body: Buffer, mode: CommunicationMode = 'mac'): Buffer {
  if (!chip.session) return body
  const { channel } = chip.session
  return opened(channel.open(command, body, 0, channel.bare(mode), 0))
}

/** As `take`, for a body of exactly `length` bytes. */
export function takeExactly(chip: Chip, command: number, body: Buffer, length: number, mode: CommunicationMode = 'mac'): Buffer {
  const { session } = chip
  demand(body.length === (session ? session.channel.length(0, length, session.channel.bare(mode)) : length), STATUS.length)
  return take(chip, command, body, mode)
}

/**
 * The data, `length` bytes, that follow `header` bytes of a command, in the mode of their file (or `full` for what must be secret), and
 * after them the `tail` bytes that stand behind the checksum.
 */
export function takeData(chip: Chip, command: number, body: Buffer, header: number, length: number, mode: CommunicationMode, tail = 0): Buffer {
  const { session } = chip
  if (!session) {
    demand(body.length === header + length, STATUS.length)
    return body.subarray(header)
  }
  demand(body.length === session.channel.length(header, length + tail, mode), STATUS.length)
  const data = opened(session.channel.open(command, body, header, mode, length, tail))
  demand(data.length === length + tail, STATUS.length)
  return data
}

/** Answers with data that are not secret, or with nothing. */
export function give(chip: Chip, data: Uint8Array = Buffer.alloc(0), mode: CommunicationMode = 'mac'): Answer {
  const channel = chip.session?.channel
  return { data: channel ? channel.seal(data, channel.bare(mode)) : Buffer.from(data) }
}

/** Answers in the mode of a file, or `full` for what must be secret. */
export function giveData(chip: Chip, data: Uint8Array, mode: CommunicationMode): Answer {
  return { data: chip.session ? chip.session.channel.seal(data, mode) : Buffer.from(data) }
}

function opened(data: Buffer | null): Buffer {
  if (!data) throw new Refusal(STATUS.integrity)
  return data
}
