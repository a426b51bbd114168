import { randomBytes } from 'node:crypto'
import express, { type Router } from 'express'
import { cookie, type Parts } from './parts.ts'
import { Refusal } from './refusal.ts'
import { closeSession } from './session.ts'
import { sessionClock } from './session-limits.ts'

/** Milliseconds after which a library that reads the ID token again finds it expired. */
const ID_TOKEN_LIFE = 120_000
const STATE_COOKIE = 'dpi_deconnexion'

/**
 * The sign-out (OpenID Connect RP-Initiated Logout 1.0 §2): the local session first, then Pro Santé Connect's.
 * When Pro Santé Connect cannot be reached, the professional is told so.
 */
export function signOutRoutes({ configuration, connector, defectsOf, openSessions }: Parts): Router {
  const router = express.Router()
  const cookieOptions = { httpOnly: true, secure: configuration.tls !== undefined, sameSite: 'lax', path: '/' } as const

  router.post('/deconnexion', async (request, response) => {
    const defects = defectsOf(request)
    const { signedIn } = request.session
    const age = sessionClock(configuration.clockFile)() - (request.session.openedAt ?? 0)
    if (signedIn && defects.has('logout-refuses-old-hint') && age > ID_TOKEN_LIFE) throw new Refusal('sign-out-answer', 'id_token_hint')
    if (defects.has('logout-clears-cookie-only')) response.clearCookie('dpi_session', cookieOptions)
    else if (!defects.has('logout-keeps-session') && !defects.has('closes-session-on-return')) {
      openSessions.forget(request.sessionID)
      await closeSession(request)
    }
    if (!signedIn || defects.has('local-logout-only')) return response.redirect(303, '/?deconnexion=faite')
    const state = randomBytes(24).toString('base64url')
    const url = await connector(defects)
      .endSession({ idToken: signedIn.idToken, state })
      .catch(() => null)
    if (url === null && defects.has('logout-needs-endpoint')) throw new TypeError('no end_session_endpoint')
    if (url === null) return response.redirect(303, '/?deconnexion=locale')
    response.cookie(STATE_COOKIE, state, cookieOptions)
    response.redirect(303, url.href)
  })

  // The session is closed already: an absent or foreign state changes nothing to that.
  router.get(new URL(configuration.postLogoutRedirectUri).pathname, async (request, response) => {
    const expected = cookie(request, STATE_COOKIE)
    response.clearCookie(STATE_COOKIE, cookieOptions)
    if (defectsOf(request).has('closes-session-on-return') && request.query['state'] === expected) await closeSession(request)
    if (defectsOf(request).has('logout-requires-state') && request.query['state'] !== expected) throw new Refusal('sign-out-answer', 'state')
    response.redirect(303, '/?deconnexion=faite')
  })

  return router
}
