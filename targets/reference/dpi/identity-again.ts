import express, { type RequestHandler, type Router } from 'express'
import { displayName, readProfessional } from './identity.ts'
import type { Parts } from './parts.ts'
import { Refusal } from './refusal.ts'
import { closeSession, save } from './session.ts'

/**
 * « Actualiser mon identité »: the identity is read anew from Pro Santé Connect. When the provider refuses, or answers for somebody
 * else, the session is over (OpenID Connect Core 1.0 §12.2); when it is only out of order, it goes on.
 */
export function identityRoutes({ connector, defectsOf, openSessions }: Parts): Router {
  const router = express.Router()
  router.post('/identite', async (request, response) => {
    const { signedIn } = request.session
    const defects = defectsOf(request)
    if (!signedIn?.held) return response.redirect(303, '/')
    try {
      const { userinfo, held } = await connector(defects).renew(signedIn.held)
      request.session.signedIn = { ...signedIn, displayName: displayName(readProfessional(userinfo, defects), defects), held }
      await save(request)
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === 'unavailable' || defects.has('survives-refused-refresh')) throw error
      openSessions.forget(request.sessionID)
      await closeSession(request)
      throw error
    }
    response.redirect(303, '/')
  })
  return router
}

/** What only a careless DPI does: its session dies with the access token. */
export function endWithAccessToken({ defectsOf }: Parts): RequestHandler {
  return (request, _response, next) => {
    const until = request.session.signedIn?.held?.expiresAt
    if (until !== undefined && until * 1000 <= Date.now() && defectsOf(request).has('session-follows-access-token')) delete request.session.signedIn
    next()
  }
}
