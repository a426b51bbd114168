import { randomBytes, randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { DpiConfiguration } from './configuration.ts'
import type { HeldTokens, ProviderName, SessionNames } from './connector.ts'
import type { Defects } from './defects.ts'

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
  /** Page of the DPI to open next. */
  readonly page?: string
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
    /** Somebody signed in here before; read by `silent-only-for-known-browser` alone. */
    known: boolean
    /** Milliseconds, by the clock of the sessions. */
    openedAt: number
    usedAt: number
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
export async function openSession(request: Request, signedIn: SignedIn, defects: Defects): Promise<void> {
  const browser = browserOf(request)
  const before = request.session.signedIn
  if (!defects.has('keeps-session-id')) await done((callback) => request.session.regenerate(callback))
  request.session.browser = browser
  request.session.signedIn = before && defects.has('keeps-first-user') ? before : signedIn
  undress(request.session.cookie, defects)
  // Two cookies of one name would be sent, the old one first.
  if (defects.has('cookie-wide')) request.res?.clearCookie('dpi_session', { path: '/' })
  delete request.session.choosing
  await save(request)
}

/** Writes the session before the answer leaves: the browser may come back at once. */
export async function save(request: Request): Promise<void> {
  await done((callback) => request.session.save(callback))
}

/** What a careless DPI leaves out of its cookie. */
function undress(cookie: Request['session']['cookie'], defects: Defects): void {
  if (defects.has('cookie-not-secure')) cookie.secure = false
  if (defects.has('cookie-readable')) cookie.httpOnly = false
  if (defects.has('cookie-cross-site')) cookie.sameSite = 'none'
  if (defects.has('cookie-wide')) cookie.domain = '.hopital.test'
}

/** Nobody is signed in any more; requests that wait for their answer still belong to this browser. */
export async function renewSession(request: Request): Promise<void> {
  const browser = browserOf(request)
  const { known } = request.session
  await done((callback) => request.session.regenerate(callback))
  request.session.browser = browser
  if (known) request.session.known = known
}

export async function closeSession(request: Request): Promise<void> {
  await done((callback) => request.session.destroy(callback))
}

function done(run: (callback: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())))
}
