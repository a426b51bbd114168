import { type Command, parseCommand, type Reply, readClass, writeAnswer } from './apdu.ts'
import { concat } from './bytes.ts'
import { SW } from './status.ts'

/** Bytes of data that one chain may carry, and commands that it may count. */
const CHAIN_BYTES = 4096
const CHAIN_COMMANDS = 64

/** What carries out a command whose form is right; its data is that of the whole chain, its class without the chaining bit. */
export type Execute = (command: Command) => Reply

/** Between the reader's bytes and the instructions of a card, during one power session. */
export interface Exchange {
  transmit(raw: Uint8Array): Uint8Array
}

interface Pending {
  readonly cla: number
  readonly data: Uint8Array
  readonly status: number
}

interface Chain {
  readonly head: string
  readonly data: Uint8Array
  readonly count: number
}

/**
 * The form of exchanges: command cases, chaining (ISO/IEC 7816-4 §5.3.3), answers in pieces (61xx and GET RESPONSE, §5.3.4) and, with
 * T=0, the wrong length 6Cxx (ISO/IEC 7816-3 §12.2). Whatever comes in, a status word goes out. With T=0 data goes out at once when the
 * command says how much it wants, by GET RESPONSE otherwise: right for a virtual reader that does not say which protocol was chosen.
 */
export function createExchange(protocol: 'T=0' | 'T=1', execute: Execute): Exchange {
  let pending: Pending | undefined
  let chain: Chain | undefined

  function getResponse({ cla, le = 256 }: Command): Uint8Array {
    const rest = pending
    if (!rest || rest.cla !== cla) return writeAnswer(SW.CONDITIONS_NOT_SATISFIED)
    if (le > rest.data.length && le !== 256 && protocol === 'T=0') return writeAnswer(SW.WRONG_LE | (rest.data.length & 0xff))
    pending = undefined
    return send(rest, le)
  }

  /** The first `most` bytes; the rest waits. */
  function send(reply: Pending, most: number): Uint8Array {
    if (reply.data.length <= most) return writeAnswer(reply.status, reply.data)
    pending = { ...reply, data: reply.data.slice(most) }
    return writeAnswer(announced(pending), reply.data.slice(0, most))
  }

  function answer({ cla, le, data, extended }: Command, reply: Reply): Uint8Array {
    const found = { cla, data: reply.data ?? new Uint8Array(), status: reply.status }
    if (found.data.length === 0) return writeAnswer(reply.status)
    if (le === undefined) {
      if (protocol === 'T=1') return writeAnswer(reply.status, found.data)
      pending = found
      return writeAnswer(announced(found))
    }
    const tooMuch = protocol === 'T=0' && !extended && data.length === 0 && le !== 256 && le > found.data.length
    return tooMuch ? writeAnswer(SW.WRONG_LE | found.data.length) : send(found, le)
  }

  /** The command with the data of its whole chain; a status while the chain goes on, or when it is broken. */
  function gathered(command: Command): Command | number {
    const about = readClass(command.cla)
    const chained = about.kind === 'interindustry' && about.chained
    if (!chained && !chain) return command
    const cla = command.cla & ~0x10
    const head = [cla, command.ins, command.p1, command.p2].join()
    const before = chain
    chain = undefined
    if (before && before.head !== head) return SW.LAST_OF_CHAIN_EXPECTED
    const data = concat(before?.data ?? new Uint8Array(), command.data)
    const count = (before?.count ?? 0) + 1
    if (data.length > CHAIN_BYTES || count > CHAIN_COMMANDS) return SW.WRONG_LENGTH
    if (!chained) return { ...command, data }
    chain = { head, data, count }
    return SW.OK
  }

  return {
    transmit(raw) {
      const command = parseCommand(raw)
      if (!command) return writeAnswer(SW.WRONG_LENGTH)
      if (command.ins === 0xc0 && !chain) return getResponse(command)
      pending = undefined
      const whole = gathered(command)
      if (typeof whole === 'number') return writeAnswer(whole)
      try {
        return answer(whole, execute(whole))
      } catch {
        // What a card cannot compute (a block that is no number below its modulus…) is its affair, not the reader's.
        return writeAnswer(SW.NO_DIAGNOSIS)
      }
    },
  }
}

function announced({ cla, data }: Pending): number {
  return (cla === 0xa0 ? SW.TER_MORE_DATA : SW.MORE_DATA) | (data.length > 255 ? 0 : data.length)
}
