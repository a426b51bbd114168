import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { ProviderName, VerifiedLogin } from './connector.ts'
import type { Defects } from './defects.ts'
import { displayName, type Professional, readProfessional } from './identity.ts'
import { patientsPage } from './pages/patients.ts'
import { exercisePage, leakyPage } from './pages/sign-in.ts'
import type { Parts } from './parts.ts'
import { Refusal } from './refusal.ts'
import { browserOf, type Choosing, closeSession, openSession, type SignedIn, save } from './session.ts'

/** From the sign-in button to the open session: `/connexion`, the return path, `/exercice`. */
export function signInRoutes(parts: Parts): Router {
  const { configuration, transactions, connector, defectsOf, openSessions } = parts
  const router = express.Router()

  const ask =
    (provider: ProviderName): RequestHandler =>
    async (request, response) => {
      const defects = defectsOf(request)
      const { url, transaction } = await connector(defects, provider).begin()
      transactions.add(browserOf(request), transaction, defects)
      if (defects.has('provider-in-session') || defects.has('account-by-session-provider')) request.session.provider = provider
      await save(request)
      response.redirect(303, url.href)
    }
  router.get('/connexion', ask('first'))
  router.get('/connexion/autre', ask('second'))

  const { second } = configuration
  const returns = [configuration, ...(second ? [second] : [])].map(({ redirectUri }) => new URL(redirectUri).pathname)
  const form = express.urlencoded({ extended: false })
  const byForm = configuration.responseMode === 'form_post'
  router[byForm ? 'post' : 'get']([...new Set(returns)], form, async (request, response) => {
    const defects = defectsOf(request)
    if (defects.has('never-answers')) return
    const answer = byForm ? new URLSearchParams(request.body) : new URL(request.originalUrl, configuration.baseUrl).searchParams
    if (defects.has('cancel-loops') && answer.get('error') === 'access_denied') return response.redirect(303, '/connexion')
    if (defects.has('always-refuses')) throw new Refusal('provider-error', 'always-refuses')
    refuseAgain(request)
    if (defects.has('error-opens-session') && answer.has('error')) {
      await openSession(request, { displayName: 'Compte de secours', exercise: null })
      return response.redirect(303, '/')
    }
    const transaction = transactions.take(browserOf(request), answer.get('state') ?? undefined, defects)
    if (!transaction && defects.has('mixes-tabs')) await closeSession(request)
    if (!transaction) throw new Refusal(answer.get('error') === 'access_denied' ? 'cancelled' : 'not-asked', 'response.state')
    const provider = defects.has('provider-in-session') ? (request.session.provider ?? 'first') : transaction.provider
    // Where two providers have two addresses, an answer at the wrong one is not the answer to this request.
    if (new URL(transaction.redirectUri).pathname !== request.path && !defects.has('provider-in-session'))
      throw new Refusal('untrusted', 'response.address')
    const login = await connector(defects, provider)
      .complete(answer, transaction)
      .catch(async (error: unknown) => {
        if (!(error instanceof Refusal && opensAnyway(error, defects))) throw error
        await openSession(request, { displayName: 'Compte de secours', exercise: null })
      })
    if (!login) return response.redirect(303, '/')
    const signedIn = provider === 'second' ? admitLinked(parts, request, login, defects) : await admit(parts, request, login, defects)
    if (signedIn.exercises.length > 1 && !defects.has('picks-first-exercise')) {
      delete request.session.signedIn // whoever was there before: this workstation has changed hands
      request.session.choosing = signedIn
      await save(request)
      return response.redirect(303, '/exercice')
    }
    await openSession(request, person(signedIn, signedIn.exercises[0] ?? null))
    openSessions.opened(request.sessionID, signedIn.named ?? {})
    arrive(parts, request, response, login, defects)
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
    await openSession(request, person(choosing, chosen))
    openSessions.opened(request.sessionID, choosing.named ?? {})
    response.redirect(303, '/')
  })

  router.use(remember(parts))
  return router
}

/** Finds the professional in the local directory, or refuses them: nobody gets an account by signing in. */
async function admit({ directory }: Parts, request: Request, login: VerifiedLogin, defects: Defects): Promise<Choosing> {
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
  if (defects.has('session-before-refusal')) await openSession(request, person(choosing(professional), null))
  if (login.late !== undefined) throw login.late
  const account = directory.find(professional, defects)
  if (!account) throw new Refusal('unknown-professional', 'annuaire')
  const local =
    defects.has('identifies-by-email') ||
    ((['stale-userinfo', 'guesses-from-sub'] as const).some((id) => defects.has(id)) && professional.familyName === '')
  return choosing(local ? account : professional)
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

function person({ exercise: _, ...known }: SignedIn & { exercises?: unknown }, exercise: string | null): SignedIn {
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
  else response.redirect(303, '/')
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
