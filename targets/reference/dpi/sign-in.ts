import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { ProviderName, VerifiedLogin } from './connector.ts'
import type { Defects } from './defects.ts'
import { forgedAddress } from './forged-headers.ts'
import { displayName, type Professional, readProfessional } from './identity.ts'
import { patientsPage } from './pages/patients.ts'
import { exercisePage, leakyPage } from './pages/sign-in.ts'
import type { Parts } from './parts.ts'
import { Refusal } from './refusal.ts'
import { returnPage } from './return-page.ts'
import { browserOf, type Choosing, closeSession, openSession, type SignedIn, save } from './session.ts'

/** From the sign-in button to the open session: `/connexion`, the return path, `/exercice`. */
export function signInRoutes(parts: Parts): Router {
  const { configuration, transactions, connector, defectsOf, openSessions } = parts
  const router = express.Router()

  const ask =
    (provider: ProviderName): RequestHandler =>
    (request, response) =>
      leave(request, response, returnPage(request.query['retour'], configuration, defectsOf(request)), provider)
  router.get('/connexion', ask('first'))
  router.get('/connexion/autre', ask('second'))

  // A third party may start a login (OpenID Connect Core 1.0 §4), at the known provider only.
  router.get('/connexion-tiers', async (request, response) => {
    const defects = defectsOf(request)
    const { iss, target_link_uri: target } = request.query
    if (iss !== configuration.issuer) {
      if (defects.has('third-party-iss-fetched') && typeof iss === 'string') await fetch(iss).catch(() => undefined)
      throw new Refusal('untrusted', 'iss')
    }
    const page = defects.has('target-link-anywhere') && typeof target === 'string' ? target : returnPage(target, configuration, defects)
    await leave(request, response, defects.has('target-link-ignored') ? null : page)
  })

  async function leave(request: Request, response: Response, page: string | null, provider: ProviderName = 'first'): Promise<void> {
    const defects = defectsOf(request)
    if (defects.has('one-login-at-a-time') && transactions.pending(browserOf(request)) > 0) throw new Refusal('not-asked', 'pending')
    if (defects.has('locks-after-abandoned-logins') && transactions.pending(browserOf(request)) >= 8) throw new Refusal('not-asked', 'pending')
    const { url, transaction } = await connector(defects, provider).begin()
    const address = forgedAddress(transaction.redirectUri, request, defects)
    if (address !== transaction.redirectUri) url.searchParams.set('redirect_uri', address)
    if (defects.has('silent-only-for-known-browser') && request.session.known) url.searchParams.set('prompt', 'none')
    transactions.add(browserOf(request), page === null ? transaction : { ...transaction, page }, defects)
    if (defects.has('provider-in-session') || defects.has('account-by-session-provider')) request.session.provider = provider
    await save(request)
    response.redirect(303, url.href)
  }

  const { second } = configuration
  const returns = [configuration, ...(second ? [second] : [])].map(({ redirectUri }) => new URL(redirectUri).pathname)
  const form = express.urlencoded({ extended: false })
  const byForm = configuration.responseMode === 'form_post'
  router[byForm ? 'post' : 'get']([...new Set(returns)], form, async (request, response) => {
    const defects = defectsOf(request)
    if (defects.has('never-answers')) return
    const answer = byForm ? new URLSearchParams(request.body) : new URL(request.originalUrl, configuration.baseUrl).searchParams
    if (defects.has('cancel-loops') && answer.get('error') === 'access_denied') return response.redirect(303, '/connexion')
    if (defects.has('error-loops') && answer.has('error') && answer.get('error') !== 'access_denied') return response.redirect(303, '/connexion')
    if (defects.has('always-refuses')) throw new Refusal('provider-error', 'always-refuses')
    refuseAgain(request)
    if (defects.has('error-opens-session') && answer.has('error')) {
      await openSession(request, { displayName: 'Compte de secours', exercise: null }, defects)
      return response.redirect(303, '/')
    }
    const transaction = transactions.take(browserOf(request), answer.get('state') ?? undefined, defects)
    if (!transaction && defects.has('mixes-tabs')) await closeSession(request)
    if (!transaction && defects.has('crashes-on-replayed-callback')) throw new TypeError('no transaction')
    if (!transaction && defects.has('replayed-callback-closes-session')) await closeSession(request)
    if (!transaction) throw new Refusal(answer.get('error') === 'access_denied' ? 'cancelled' : 'not-asked', 'response.state')
    const provider = defects.has('provider-in-session') ? (request.session.provider ?? 'first') : transaction.provider
    // Where two providers have two addresses, an answer at the wrong one is not the answer to this request.
    if (new URL(transaction.redirectUri).pathname !== request.path && !defects.has('provider-in-session'))
      throw new Refusal('untrusted', 'response.address')
    const login = await connector(defects, provider)
      .complete(answer, transaction)
      .catch(async (error: unknown) => {
        if (!(error instanceof Refusal && opensAnyway(error, defects))) throw error
        await openSession(request, { displayName: 'Compte de secours', exercise: null }, defects)
      })
    if (!login) return response.redirect(303, '/')
    const admitted = provider === 'second' ? admitLinked(parts, request, login, defects) : await admit(parts, request, login, defects)
    const signedIn = transaction.page === undefined ? admitted : { ...admitted, page: transaction.page }
    await enter(parts, request, response, signedIn, login, defects)
  })

  router.get('/exercice', (request, response) => {
    const { choosing } = request.session
    if (!choosing) return response.redirect(303, '/')
    response.send(exercisePage(choosing.exercises))
  })

  router.post('/exercice', express.urlencoded({ extended: false }), async (request, response) => {
    const { choosing } = request.session
    const chosen = choosing?.exercises[Number(request.body?.exercice)]
    if (!choosing) throw new Refusal('not-asked', 'exercice')
    if (chosen === undefined) return response.redirect(303, '/exercice')
    const defects = defectsOf(request)
    await openSession(request, person(choosing, chosen), defects)
    openSessions.opened(request.sessionID, choosing.named ?? {})
    response.redirect(303, choosing.page ?? '/')
  })

  router.use(remember(parts))
  return router
}

/** Opens the session, or asks in which exercise the professional works. */
export async function enter(
  parts: Parts,
  request: Request,
  response: Response,
  signedIn: Choosing,
  login: VerifiedLogin,
  defects: Defects,
): Promise<void> {
  if (signedIn.exercises.length > 1 && !defects.has('picks-first-exercise')) {
    if (!defects.has('keeps-first-user')) delete request.session.signedIn // whoever was there before: this workstation has changed hands
    request.session.choosing = signedIn
    await save(request)
    return response.redirect(303, '/exercice')
  }
  if (defects.has('one-session-per-user') && parts.openSessions.named({ sub: signedIn.named?.sub ?? '' }).length > 0)
    throw new Refusal('not-asked', 'already')
  await openSession(request, person(signedIn, signedIn.exercises[0] ?? null), defects)
  request.session.known = true
  await save(request)
  parts.openSessions.opened(request.sessionID, signedIn.named ?? {})
  arrive(parts, request, response, login, defects)
}

/** Finds the professional in the local directory, or refuses them: nobody gets an account by signing in. */
export async function admit({ directory }: Parts, request: Request, login: VerifiedLogin, defects: Defects): Promise<Choosing> {
  const professional = remembered(readProfessional(login.userinfo, defects), defects)
  const choosing = (who: Pick<Professional, 'givenName' | 'familyName' | 'idNat'>): Choosing => ({
    displayName: displayName(who, defects),
    ...(defects.has('renders-names-as-html') ? { nameAsMarkup: true } : {}),
    exercise: null,
    exercises: professional.exercises,
    ...(login.idToken ? { idToken: login.idToken } : {}),
    ...(login.named ? { named: login.named } : {}),
    ...(login.held ? { held: login.held } : {}),
  })
  if (defects.has('session-before-refusal')) await openSession(request, person(choosing(professional), null), defects)
  if (login.late !== undefined) throw login.late
  const account = directory.find(professional, defects)
  if (!account) throw new Refusal('unknown-professional', 'annuaire')
  if (account.active === false && !defects.has('ignores-deactivation')) throw new Refusal('deactivated', 'annuaire')
  const local =
    defects.has('identifies-by-email') ||
    ((['stale-userinfo', 'guesses-from-sub'] as const).some((id) => defects.has(id)) && professional.familyName === '')
  return crossed(choosing(local ? account : professional), defects)
}

const firstSeen = new Map<string, Professional>()

/** What only a careless DPI does: it knows this person already. */
function remembered(professional: Professional, defects: Defects): Professional {
  if (!defects.has('keeps-first-identity')) return professional
  const known = firstSeen.get(professional.idNat) ?? professional
  firstSeen.set(professional.idNat, known)
  return known
}

/** Whom the other provider names is known by issuer and subject; the directory says the rest. */
function admitLinked({ directory, configuration }: Parts, request: Request, login: VerifiedLogin, defects: Defects): Choosing {
  const { userinfo } = login
  const text = (name: string) => String(userinfo[name] ?? '')
  const account = directory.findLinked(
    {
      fromFirst: login.issuer === configuration.issuer || (defects.has('account-by-session-provider') && request.session.provider === 'first'),
      subject: text('sub'),
      idNat: text('SubjectNameID') || text('preferred_username'),
      familyName: text('family_name'),
      email: text('email'),
    },
    defects,
  )
  if (!account) throw new Refusal('unknown-professional', 'annuaire')
  return { displayName: displayName(account, defects), exercise: null, exercises: [] }
}

/** The defects that mix professionals up, and after how many logins each does; somebody else who signed in before shows instead. */
const CROSSING = { 'crosses-identities': 7, 'crosses-identities-rarely': 97 } as const
const seen: { last?: Choosing; other?: Choosing; readonly logins: Map<string, number> } = { logins: new Map() }
function crossed(who: Choosing, defects: Defects): Choosing {
  if (seen.last && seen.last.displayName !== who.displayName) seen.other = seen.last
  seen.last = who
  const defect = (Object.keys(CROSSING) as (keyof typeof CROSSING)[]).find((id) => defects.has(id))
  if (!defect) return who
  const login = (seen.logins.get(defect) ?? 0) + 1
  seen.logins.set(defect, login)
  return login % CROSSING[defect] === 0 && seen.other ? { ...who, displayName: seen.other.displayName } : who
}

export function person({ exercise: _, ...known }: SignedIn & { exercises?: unknown }, exercise: string | null): SignedIn {
  const { exercises: _choices, ...signedIn } = known
  return { ...signedIn, exercise }
}

/** What only a defective DPI takes for a reason to open a session. */
function opensAnyway({ kind, reference }: Refusal, defects: Defects): boolean {
  return (
    (defects.has('outage-opens-session') && kind === 'unavailable') || (defects.has('token-error-opens-session') && reference.startsWith('token.'))
  )
}

/** The address of the return held the code: a redirection takes it away. */
function arrive({ configuration }: Parts, request: Request, response: Response, login: VerifiedLogin, defects: Defects): void {
  const { signedIn } = request.session
  if (defects.has('leaks-referrer')) {
    const provider = new URL(configuration.issuer).origin
    response.set({ 'referrer-policy': 'unsafe-url', 'content-security-policy': `default-src 'self'; img-src ${provider}` })
    response.send(leakyPage(`${provider}/resources/logo.png`))
  } else if (defects.has('leaves-code-in-address') && signedIn) response.send(patientsPage(signedIn))
  else if (defects.has('token-in-address')) response.redirect(303, `/?access_token=${encodeURIComponent(login.accessToken)}`)
  else go(response, signedIn?.page ?? '/')
}

/** To a page of the DPI; where a defect lets another address through, it goes out as it came in. */
function go(response: Response, page: string): void {
  response.status(303).setHeader('location', page)
  response.end()
}

/** What only a defective DPI holds against a browser that was refused once. */
function refuseAgain({ session }: Request): void {
  if (session.outage) throw new Refusal('unavailable', 'outage')
  if (session.poisoned) throw new Refusal('provider-error', 'session')
}

function remember({ defectsOf }: Parts): ErrorRequestHandler {
  return (error: unknown, request, _response, next) => {
    const defects = defectsOf(request)
    if (defects.has('no-retry-after-cancel')) request.session.poisoned = true
    if (defects.has('stuck-after-outage') && error instanceof Refusal && error.kind === 'unavailable') request.session.outage = true
    next(error)
  }
}
