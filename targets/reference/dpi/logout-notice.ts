import express, { type Router } from 'express'
import type { Parts } from './parts.ts'
import { Refusal } from './refusal.ts'

/** The end of a session as the provider reports it to the server (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8). */
export function logoutNoticeRoutes({ configuration, connector, defectsOf, openSessions }: Parts): Router {
  const router = express.Router()
  const { backchannelLogoutUri } = configuration
  if (backchannelLogoutUri === undefined) return router

  router.post(new URL(backchannelLogoutUri).pathname, express.urlencoded({ extended: false }), async (request, response) => {
    const defects = defectsOf(request)
    if (defects.has('logout-notice-cacheable')) response.set('cache-control', 'private, max-age=60')
    const token: unknown = request.body?.logout_token
    try {
      if (typeof token !== 'string' || token === '') {
        if (defects.has('logout-notice-empty-accepted')) return void response.status(200).end()
        throw new Refusal('untrusted', 'logout_token')
      }
      const { sub, sid } = await connector(defects).readLogoutToken(token)
      if (sid === undefined && defects.has('logout-notice-needs-sid')) return void response.status(200).end()
      if (sub === undefined && defects.has('logout-notice-needs-sub')) throw new Refusal('untrusted', 'logout_token.sub')
      const named = openSessions.named({ ...(sub ? { sub } : {}), ...(sid && !defects.has('logout-notice-closes-all') ? { sid } : {}) })
      if (named.length === 0 && defects.has('logout-notice-crashes')) throw new TypeError('no such session')
      const closing = defects.has('logout-notice-closes-everyone') ? openSessions.all() : named
      if (!defects.has('logout-notice-ignored')) await Promise.all(closing.map((id) => openSessions.close(id, request.sessionStore)))
      response.status(200).end()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      response.status(error.kind === 'unavailable' ? 503 : 400).json({ error: 'invalid_request', error_description: error.reference })
    }
  })
  return router
}
