import { randomBytes, randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { DpiConfiguration } from './configuration.ts'
import type { HeldTokens, ProviderName, SessionNames } from './connector.ts'

/** Who is signed in, and what the sign-out will need. */
export interface SignedIn {
  readonly displayName: string
  /** Set by the defect `renders-names-as-html` alone. */
  readonly nameAsMarkup?: true
  /** Label of the exercise, null for a professional without one. */
  readonly exercise: string | null
  readonly idToken?: string
  /** What the identity may be read anew with. */
  readonly held?: HeldTokens
  /** By what the provider names the session behind it. */
  readonly named?: SessionNames
}

/** A verified professional who still has to say in which exercise they work: nobody is signed in yet. */
export interface Choosing extends SignedIn {
  readonly exercises: readonly string[]
}

declare module 'express-session' {
  interface SessionData {
    /** Binds authorization requests to this browser; survives the change of session id, so that other tabs may finish. */
    browser: string
    signedIn: SignedIn
    choosing: Choosing
    /** Left by the defects `provider-in-session` and `account-by-session-provider`. */
    provider: ProviderName
    /** Left by the defects `no-retry-after-cancel` and `stuck-after-outage`. */
    poisoned: boolean
    outage: boolean
  }
}

/** Sessions stay on the server; the cookie is out of reach of scripts and does not follow requests of other sites. */
export function sessions({ tls, cookie }: Pick<DpiConfiguration, 'tls' | 'cookie'>, crossSite: boolean): RequestHandler {
  const { path, ...attributes } = cookie ?? {}
  const open = session({
    name: 'dpi_session',
    secret: randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    // An answer by form is a POST from the provider's site: the browser sends it a `lax` cookie no more.
    cookie: { httpOnly: true, secure: tls !== undefined, sameSite: crossSite && tls !== undefined ? 'none' : 'lax', path: '/', ...attributes },
  })
  if (path === undefined) return open
  // The library itself is not told: it would give pages outside this path no session at all.
  return (request, response, next) =>
    open(request, response, (error?: unknown) => {
      if (request.session) request.session.cookie.path = path
      next(error)
    })
}

/** The mark of this browser, made at the first need. */
export function browserOf(request: Request): string {
  request.session.browser ??= randomUUID()
  return request.session.browser
}

/** Opens the session under a new id, so that one known beforehand is worth nothing. */
export async function openSession(request: Request, signedIn: SignedIn): Promise<void> {
  const browser = browserOf(request)
  await done((callback) => request.session.regenerate(callback))
  request.session.browser = browser
  request.session.signedIn = signedIn
  delete request.session.choosing
  await save(request)
}

/** Writes the session before the answer leaves: the browser may come back at once. */
export async function save(request: Request): Promise<void> {
  await done((callback) => request.session.save(callback))
}

export async function closeSession(request: Request): Promise<void> {
  await done((callback) => request.session.destroy(callback))
}

function done(run: (callback: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())))
}
