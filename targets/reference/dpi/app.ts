import { fileURLToPath } from 'node:url'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { explain, HarnessError } from '#core/errors.ts'
import type { DpiConfiguration } from './configuration.ts'
import type { Defects } from './defects.ts'
import { forgedIdentity } from './forged-headers.ts'
import { html, type Markup, raw } from './html.ts'
import { endWithAccessToken, identityRoutes } from './identity-again.ts'
import { logoutFrameRoutes } from './logout-frame.ts'
import { logoutNoticeRoutes } from './logout-notice.ts'
import { patientsPage, recordPage } from './pages/patients.ts'
import { failurePage, refusalPage } from './pages/refusal.ts'
import { signInPage } from './pages/sign-in.ts'
import { createParts, type Parts } from './parts.ts'
import { PATIENTS } from './patients.ts'
import { phoneRoutes } from './phone-sign-in.ts'
import { Refusal } from './refusal.ts'
import { openSession, type SignedIn, sessions } from './session.ts'
import { sessionLimits } from './session-limits.ts'
import { signInRoutes } from './sign-in.ts'
import { signOutRoutes } from './sign-out.ts'

const STYLE = fileURLToPath(new URL('style.css', import.meta.url))

/** Where the technical side of refusals and errors goes. */
export type Log = (entry: unknown) => void

/** The website: a protected patient list, a sign-in and a sign-out. */
export function createApp(configuration: DpiConfiguration, log: Log): Express {
  const parts = createParts(configuration)
  const app = express()
  const offered = { second: configuration.second !== undefined, phone: configuration.phone === true }
  app.disable('x-powered-by')
  app.disable('etag')
  app.get('/sante', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/style.css', (_request, response) => response.sendFile(STYLE))
  app.use(guarded(parts), sessions(configuration, configuration.responseMode === 'form_post'))

  app.use((request, _response, next) => {
    // An unknown name in the cookie shows at once.
    if (parts.defectsOf(request).has('lax-cookie-in-form-post')) request.session.cookie.sameSite = 'lax'
    next()
  })

  app.use(sessionLimits(parts), takeForged(parts), endWithAccessToken(parts))
  app.get('/', (request, response) => {
    const { signedIn, browser } = request.session
    if (browser) parts.phoneRequests.abandon(browser) // whoever is here has left the waiting screen
    const notice = typeof request.query['deconnexion'] === 'string' ? request.query['deconnexion'] : undefined
    if (parts.defectsOf(request).has(signedIn ? 'frameable-patients' : 'frameable-sign-in')) response.removeHeader('content-security-policy')
    response.send(signedIn ? patientsPage(signedIn, dump(signedIn, parts.defectsOf(request))) : signInPage(notice, offered))
  })
  app.get('/dossier/:id', (request, response) => {
    const { signedIn } = request.session
    const patient = PATIENTS.find(({ id }) => id === request.params.id)
    if (!signedIn) return response.send(signInPage(undefined, offered))
    if (!patient) throw new Refusal('not-found', 'dossier')
    response.send(recordPage(patient, signedIn))
  })
  app.use(
    signInRoutes(parts),
    ...(offered.phone ? [phoneRoutes(parts)] : []),
    signOutRoutes(parts),
    logoutNoticeRoutes(parts),
    logoutFrameRoutes(parts),
    identityRoutes(parts),
  )
  app.use(() => {
    throw new Refusal('not-found', 'page')
  })
  app.use(tell(parts, log))
  return app
}

/** Headers of every page: nothing cached, nothing framed, nothing from elsewhere, no referrer. */
function guarded({ configuration: { issuer, discoveryUrl }, defectsOf }: Parts): RequestHandler {
  // The sign-out form is answered by a redirection to the provider, which browsers hold against form-action too.
  const providers = [...new Set([issuer, discoveryUrl].map((url) => new URL(url).origin))].join(' ')
  const policy = `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${providers}; base-uri 'none'; frame-ancestors 'none'`
  return (request, response, next) => {
    response.set({
      'cache-control': defectsOf(request).has('caches-pages') ? 'private, max-age=600' : 'no-store',
      date: new Date(Date.now()).toUTCString(),
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    next()
  }
}

/** The system's code at the bottom of an error (`ENOTFOUND`, `SELF_SIGNED_CERT_IN_CHAIN`): what an administrator looks for first. */
function because(error: Error): string {
  let code: string | undefined
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) code = (cause as NodeJS.ErrnoException).code ?? code
  return code ? ` – ${code}` : ''
}

/** What a careless DPI leaves in its page for its own scripts. */
function dump({ idToken }: SignedIn, defects: Defects): Markup | null {
  return defects.has('shows-token-in-page') ? html`<p hidden>${idToken ?? ''}</p>` : null
}

/** An honest DPI takes nobody's word for who they are. */
function takeForged({ configuration, defectsOf }: Parts): RequestHandler {
  return async (request, _response, next) => {
    const claimed = forgedIdentity(request, defectsOf(request))
    const person = configuration.people.find(({ idNat }) => idNat === claimed)
    if (person) await openSession(request, { displayName: `${person.givenName} ${person.familyName}`, exercise: null }, defectsOf(request))
    next()
  }
}

/** Every error becomes a page that says what happened and what to do; the technical side goes to the log. */
function tell({ defectsOf, configuration }: Parts, log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    if (error instanceof HarnessError) return void response.status(400).send(failurePage(html`<pre>${explain(error)}</pre>`))
    const defects = defectsOf(request)
    const refusal = error instanceof Refusal ? error : undefined
    log(refusal ? `refus : ${refusal.message}${because(refusal)}` : error)
    const description = request.query['error_description'] ?? request.body?.['error_description']
    const extra = indiscreet(defects, typeof description === 'string' ? description : undefined, refusal, configuration)
    const { status, page } = refusal
      ? refusalPage(refusal, request.session?.signedIn !== undefined, extra)
      : { status: 500, page: failurePage(extra) }
    if (defects.has('silent-refusal')) return response.redirect(303, '/')
    response.status(status).send(page)
  }
}

/** What only a defective DPI adds to its error page. */
function indiscreet(defects: Defects, description: string | undefined, refusal: Refusal | undefined, { client }: DpiConfiguration): Markup | null {
  if (defects.has('reflects-error-description') && description !== undefined) return html`<p>${raw(description)}</p>`
  if (defects.has('shows-provider-page') && refusal?.cause instanceof Error) return html`<div>${raw(refusal.cause.message)}</div>`
  return defects.has('shows-client-secret') ? html`<pre>client_id=${client.id} client_secret=${client.secret}</pre>` : null
}
