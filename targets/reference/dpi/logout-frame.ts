import express, { type Router } from 'express'
import type { Parts } from './parts.ts'
import { closeSession } from './session.ts'

/**
 * The end of a session as the provider reports it in a frame (OpenID Connect Front-Channel Logout 1.0 §2 and §3). A browser sends no
 * cookie of ours into another site's frame: the session is found by `sid`, and only for the known issuer.
 */
export function logoutFrameRoutes({ configuration, defectsOf, openSessions }: Parts): Router {
  const router = express.Router()
  const { frontchannelLogoutUri, issuer, discoveryUrl } = configuration
  if (frontchannelLogoutUri === undefined) return router
  const providers = [...new Set([issuer, discoveryUrl].map((url) => new URL(url).origin))]

  router.get(new URL(frontchannelLogoutUri).pathname, async (request, response) => {
    const defects = defectsOf(request)
    const { iss, sid } = request.query
    const known = iss === issuer || defects.has('frame-ignores-iss')
    const named = known && typeof sid === 'string' && !defects.has('frame-needs-cookie') ? openSessions.named({ sid }) : []
    if (named.length === 0 && known && defects.has('frame-crashes-when-closed')) throw new TypeError('no such session')
    const closing = defects.has('frame-ignores-sid') && known ? openSessions.all() : named
    await Promise.all(closing.map((id) => openSessions.close(id, request.sessionStore)))
    if (defects.has('frame-needs-cookie') && request.session.signedIn) await closeSession(request)
    response.set('content-security-policy', `default-src 'none'; frame-ancestors ${providers.join(' ')} https://*.${parentOf(issuer)}:*`)
    response.type('html').send('<!doctype html><html lang="fr"><meta charset="utf-8"><title>Fin de session</title>')
  })
  return router
}

/** The provider's pages stand on neighbouring hosts. */
function parentOf(issuer: string): string {
  return new URL(issuer).hostname.split('.').slice(1).join('.')
}
