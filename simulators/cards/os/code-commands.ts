import { MODE } from './access.ts'
import type { Command, Reply } from './apdu.ts'
import type { SecretCode } from './codes.ts'
import { allowed, codeOf, type Session } from './session.ts'
import { SW } from './status.ts'

const DENIED: Reply = { status: SW.ACCESS_DENIED }
const WRONG_LENGTH: Reply = { status: SW.WRONG_LENGTH }

/**
 * VERIFY (ISO/IEC 7816-4 §7.5.6). Without data it tells the state: verified, tries left, or locked. A length that no code has is refused
 * without a try; a face that may not verify learns nothing at all.
 */
export function verify(session: Session, { p1, p2, data }: Command): Reply {
  if (p1 !== 0) return { status: SW.WRONG_PARAMETERS }
  const code = codeOf(session, p2)
  if (!code) return { status: SW.OBJECT_NOT_FOUND }
  if (!allowed(session, code.rules, MODE.code.verify)) return DENIED
  if (data.length === 0) return session.verified.has(code) ? { status: SW.OK } : { status: stateOf(code) }
  if (!fits(code, data)) return WRONG_LENGTH
  return presented(session, code, data)
}

/** CHANGE REFERENCE DATA (§7.5.7): P1 00 takes the old and the new code, P1 01 the new one after the old was presented. */
export function changeCode(session: Session, { p1, p2, data }: Command): Reply {
  const code = codeOf(session, p2)
  if (p1 > 1) return { status: SW.WRONG_PARAMETERS }
  if (!code) return { status: SW.OBJECT_NOT_FOUND }
  if (!allowed(session, code.rules, MODE.code.change)) return DENIED
  if (p1 === 1) {
    if (!session.verified.has(code)) return DENIED
    if (!fits(code, data)) return WRONG_LENGTH
    code.renew(data)
    return { status: SW.OK }
  }
  const split = halves(data)
  if (!split?.every((half) => fits(code, half))) return WRONG_LENGTH
  const [old, next] = split
  const reply = presented(session, code, old)
  if (reply.status === SW.OK) code.renew(next)
  return reply
}

/**
 * RESET RETRY COUNTER (§7.5.10): P1 00 takes the unblocking code and a new code, P1 01 the unblocking code alone, P1 02 a new code, P1 03
 * nothing; the last two once the unblocking code was presented.
 */
export function unblock(session: Session, { p1, p2, data }: Command): Reply {
  if (p1 > 3) return { status: SW.WRONG_PARAMETERS }
  const code = codeOf(session, p2)
  const key = code?.unblockedBy
  if (!code || !key) return { status: SW.OBJECT_NOT_FOUND }
  // The condition of the reset is the unblocking code itself, presented now or before; the face must know the operation at all.
  if (!allowed(session, key.rules, MODE.code.verify)) return DENIED
  if (p1 >= 2) {
    if (!allowed(session, code.rules, MODE.code.reset)) return DENIED
    if (p1 === 3 ? data.length > 0 : !fits(code, data)) return WRONG_LENGTH
    code.renew(p1 === 2 ? data : undefined)
    return { status: SW.OK }
  }
  const split = p1 === 1 ? [data] : halves(data)
  const [unblocking, next] = split ?? []
  if (!unblocking || !fits(key, unblocking) || (p1 === 0 && (!next || !fits(code, next)))) return WRONG_LENGTH
  if (key.remaining() === 0) return { status: SW.CODE_LOCKED }
  if (!key.present(unblocking)) return { status: stateOf(key) }
  code.renew(p1 === 0 ? next : undefined)
  return { status: SW.OK }
}

/** One presentation: the session remembers a right code and forgets it after a wrong one. */
function presented(session: Session, code: SecretCode, candidate: Uint8Array): Reply {
  session.verified.delete(code)
  if (!code.present(candidate)) return { status: stateOf(code) }
  session.verified.add(code)
  return { status: SW.OK }
}

function stateOf(code: SecretCode): number {
  const left = code.remaining()
  return left === 0 ? SW.CODE_LOCKED : SW.WRONG_CODE | Math.min(left, 15)
}

function fits({ length }: SecretCode, data: Uint8Array): boolean {
  return data.length >= length.minimum && data.length <= length.maximum
}

/** Two codes of one length one behind the other, as this command carries them. */
function halves(data: Uint8Array): readonly [Uint8Array, Uint8Array] | undefined {
  const middle = data.length / 2
  return data.length > 0 && Number.isInteger(middle) ? [data.slice(0, middle), data.slice(middle)] : undefined
}
