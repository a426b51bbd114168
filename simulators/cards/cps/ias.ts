import { type Command, type Reply, readClass } from '../os/apdu.ts'
import { changeCode, unblock, verify } from '../os/code-commands.ts'
import type { Execute } from '../os/exchange.ts'
import { readBinary, type SelectStyle, select, updateBinary } from '../os/file-commands.ts'
import type { Session } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { getData } from './ias-objects.ts'
import { internalAuthenticate, manageEnvironment, performOperation } from './ias-security.ts'

const STYLE: SelectStyle = { template: 0x62, describing: [0x00, 0x04] }
/** Most bytes of one challenge. */
const LONGEST_CHALLENGE = 256

type Instruction = (session: Session, command: Command) => Reply

/** Instructions of the IAS-ECC application, class 00 (IAS-ECC 1.0.1; ISO/IEC 7816-4 and -8). */
const INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  32: verify,
  34: manageEnvironment,
  36: changeCode,
  42: performOperation,
  44: unblock,
  132: (session, { p1, p2, le }) => {
    if (p1 !== 0 || p2 !== 0) return { status: SW.WRONG_PARAMETERS }
    return le === undefined || le > LONGEST_CHALLENGE
      ? { status: SW.WRONG_LENGTH }
      : { status: SW.OK, data: session.chip.random(le === 256 ? 8 : le) }
  },
  136: internalAuthenticate,
  164: (session, command) => select(session, command, STYLE),
  176: readBinary,
  203: getData,
  214: updateBinary,
}

/** Carries out the commands of an IAS-ECC application on the basic channel; class errors are told first (ISO/IEC 7816-4 §5.6). */
export function executeIas(session: Session): Execute {
  return (command) => {
    const status = classError(command.cla, [0])
    if (status !== undefined) return { status }
    return INSTRUCTIONS[command.ins]?.(session, command) ?? { status: SW.UNKNOWN_INSTRUCTION }
  }
}

/** The status for a class that a card of these channels does not know; undefined for one that it does. */
export function classError(cla: number, channels: readonly number[]): number | undefined {
  const about = readClass(cla)
  if (about.kind !== 'interindustry') return SW.UNKNOWN_CLASS
  if (about.secured) return SW.SECURE_MESSAGING_NOT_SUPPORTED
  return channels.includes(about.channel) ? undefined : SW.CHANNEL_NOT_SUPPORTED
}
