import { readFileSync } from 'node:fs'
import type { Request, RequestHandler } from 'express'
import type { Defects } from './defects.ts'
import type { Parts } from './parts.ts'
import { renewSession } from './session.ts'

/** How long a session lasts, in milliseconds: without a click, and at most (Pro Santé Connect delegates for four hours). */
const IDLE = 30 * 60_000
const ABSOLUTE = 4 * 3_600_000

/**
 * The time by which sessions are counted: the machine's, unless a file holds another instant (milliseconds since 1970). Trials of hours
 * take minutes so; tokens are always judged by the machine's time.
 */
export function sessionClock(file: string | undefined): () => number {
  return () => {
    try {
      const text = file === undefined ? '' : readFileSync(file, 'utf8').trim()
      return text === '' ? Date.now() : Number(text)
    } catch {
      return Date.now()
    }
  }
}

/** Closes a session that has lasted long enough, before anything is shown; the others are marked as used now. */
export function sessionLimits({ configuration, defectsOf, openSessions }: Parts): RequestHandler {
  const clock = sessionClock(configuration.clockFile)
  return async (request, _response, next) => {
    const { session } = request
    if (session.signedIn) {
      const now = clock()
      if (isOver(session, now, defectsOf(request))) {
        openSessions.forget(request.sessionID)
        await renewSession(request)
      } else {
        session.openedAt ??= now
        session.usedAt = now
      }
    }
    next()
  }
}

function isOver({ openedAt, usedAt }: Request['session'], now: number, defects: Defects): boolean {
  if (openedAt === undefined || usedAt === undefined) return false
  const [idle, age] = [now - usedAt, now - openedAt]
  // A clock that was set back says nothing of how long it has been.
  if ((idle < 0 || age < 0) && !defects.has('clock-back-extends')) return true
  return reached(idle, IDLE, 'idle', defects) || reached(age, ABSOLUTE, 'absolute', defects)
}

function reached(time: number, limit: number, which: 'idle' | 'absolute', defects: Defects): boolean {
  if (defects.has(`ignores-${which}-limit`)) return false
  if (defects.has(`${which}-limit-early`)) return time >= limit - 60_000
  return defects.has(`${which}-limit-late`) ? time > limit : time >= limit
}
