import { ALWAYS, NEVER, type Rules, rule, user } from '../os/access.ts'
import { createCode, type SecretCode } from '../os/codes.ts'
import type { Session } from '../os/session.ts'
import { CODE, ENVIRONMENT } from './profile.ts'

/** As a real card tells it (F3: change, verify, reset after unblocking, never put, get), and for contacts only. */
const HOLDER_RULES: Rules = { contact: rule(0xf3, ALWAYS, ALWAYS, user(ENVIRONMENT.unblocking), NEVER, ALWAYS) }
const UNBLOCKING_RULES: Rules = { contact: rule(0xf3, NEVER, ALWAYS, NEVER, NEVER, ALWAYS) }

/** What the bench sees and sets of the holder's code. */
export interface HolderCode {
  /** Tries left; 0 is locked. */
  readonly remaining: () => number
  /** Sets the tries left, as earlier mistakes would have. */
  readonly preset: (remaining: number) => void
  /** What another process leaves behind: verified now, or from the next power-on of the contacts until the following reset. */
  readonly leaveVerified: () => void
}

/** The two codes of a CPS card and what their presentation opens. */
export interface Holder {
  readonly codes: readonly [holder: SecretCode, unblocking: SecretCode]
  readonly environments: ReadonlyMap<number, SecretCode>
  readonly view: HolderCode
  /** A power session of the contacts begins; none goes on when it is undefined. */
  readonly begin: (session: Session | undefined) => void
}

export function createHolder(pin: string, unblockingCode = '12345678'): Holder {
  const unblocking = createCode({ reference: CODE.unblocking, value: unblockingCode, rules: UNBLOCKING_RULES })
  const holder = createCode({ reference: CODE.holder, value: pin, rules: HOLDER_RULES, unblockedBy: unblocking })
  let inherited = false
  let session: Session | undefined
  return {
    codes: [holder, unblocking],
    environments: new Map([
      [ENVIRONMENT.holder, holder],
      [ENVIRONMENT.unblocking, unblocking],
    ]),
    view: {
      remaining: holder.remaining,
      preset: holder.preset,
      leaveVerified() {
        if (session) session.verified.add(holder)
        else inherited = true
      },
    },
    begin(next) {
      session = next
      if (!next) return
      if (inherited) next.verified.add(holder)
      inherited = false
    },
  }
}
