import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import express, { type Request, type Router } from 'express'
import type { VerifiedLogin } from './connector.ts'
import type { Defects } from './defects.ts'
import { readProfessional } from './identity.ts'
import { phonePage, waitingPage } from './pages/phone.ts'
import type { Parts } from './parts.ts'
import type { WaitingScreen } from './phone-requests.ts'
import { Refusal } from './refusal.ts'
import { browserOf, save } from './session.ts'
import { admit, enter, person } from './sign-in.ts'

/** Seconds that `slow_down` adds to the interval (OpenID CIBA Core 1.0 §11). */
const SLOWER = 5

/**
 * Signing in by e-CPS without leaving the DPI (CIBA, poll mode). The provider is asked only when the professional's own screen asks:
 * a screen that was left opens nothing.
 */
export function phoneRoutes(parts: Parts): Router {
  const { connector, defectsOf, phoneRequests } = parts
  const router = express.Router()
  const form = express.urlencoded({ extended: false })

  router.get('/e-cps', (_request, response) => void response.send(phonePage()))

  router.post('/e-cps', form, async (request, response) => {
    const defects = defectsOf(request)
    const nationalId = String(request.body?.identifiant ?? '').trim()
    const browser = browserOf(request)
    // Two screens for one phone: the professional could not tell which one an approval would open.
    if (phoneRequests.busy(nationalId, browser) && !defects.has('floods-the-phone')) throw new Refusal('phone-busy', 'ciba.parallel')
    phoneRequests.abandon(browser)
    const bindingMessage = defects.has('fixed-binding-message') ? '42' : String(randomInt(100)).padStart(2, '0')
    const asked = await connector(defects).askPhone({ nationalId, bindingMessage })
    const screen = phoneRequests.add({ browser, nationalId, bindingMessage, request: asked })
    await save(request)
    if (defects.has('polls-behind-the-screen')) void pollBehind(parts, request, screen, defects)
    response.redirect(303, `/e-cps/attente?demande=${screen.handle}`)
  })

  router.get('/e-cps/attente', (request, response) => {
    const defects = defectsOf(request)
    const screen = screenOf(parts, request, String(request.query['demande'] ?? ''), defects)
    response.send(waitingPage(screen.handle, defects.has('hides-binding-message') ? null : screen.bindingMessage))
  })

  router.post('/e-cps/suite', form, async (request, response) => {
    const defects = defectsOf(request)
    if (defects.has('never-answers')) return
    if (defects.has('always-refuses')) throw new Refusal('provider-error', 'always-refuses')
    const screen = screenOf(parts, request, String(request.body?.demande ?? ''), defects)
    if (!defects.has('polls-without-pause')) await pause(Math.max(0, screen.nextPoll - Date.now()))
    const answer = await ask(parts, screen, defects)
    if (answer === undefined) return response.redirect(303, `/e-cps/attente?demande=${screen.handle}`)
    checkAsked(answer, screen, defects)
    const signedIn = await admit(parts, request, answer, defects)
    await enter(parts, request, response, signedIn, answer, defects)
  })

  return router
}

/** One poll; undefined while the phone has not answered. The pace of the next one is the provider's. */
async function ask({ connector, phoneRequests }: Parts, screen: WaitingScreen, defects: Defects): Promise<VerifiedLogin | undefined> {
  try {
    const answer = await connector(defects).poll(screen.request)
    if (typeof answer !== 'string') {
      phoneRequests.end(screen)
      return answer
    }
    if (answer === 'slow-down' && !defects.has('ignores-slow-down')) screen.interval += SLOWER
    screen.nextPoll = Date.now() + screen.interval * 1000
    return undefined
  } catch (error) {
    phoneRequests.end(screen)
    if (defects.has('polls-after-the-end'))
      await connector(defects)
        .poll(screen.request)
        .catch(() => {})
    throw error
  }
}

function screenOf({ phoneRequests }: Parts, request: Request, handle: string, defects: Defects): WaitingScreen {
  const screen = phoneRequests.find(browserOf(request), handle, defects)
  if (!screen) throw new Refusal('not-asked', 'ciba.screen')
  return screen
}

/** Whoever answered is whom was asked for. */
function checkAsked({ userinfo }: VerifiedLogin, { nationalId }: WaitingScreen, defects: Defects): void {
  if (readProfessional(userinfo, defects).idNat !== nationalId && !defects.has('ignores-who-answered'))
    throw new Refusal('untrusted', 'ciba.other-person')
}

/** What only a defective DPI does: it polls on its own, and opens the session of a browser that may show something else by now. */
async function pollBehind(parts: Parts, request: Request, screen: WaitingScreen, defects: Defects): Promise<void> {
  const { sessionID, sessionStore } = request
  for (;;) {
    await pause(screen.interval * 1000)
    const answer = await parts
      .connector(defects)
      .poll(screen.request)
      .catch(() => null)
    if (answer === null) return
    if (typeof answer === 'string') continue
    const { exercises, ...signedIn } = await admit(parts, request, answer, defects)
    sessionStore.get(sessionID, (_error, session) => {
      if (session) sessionStore.set(sessionID, { ...session, signedIn: person(signedIn, exercises[0] ?? null) })
    })
    return
  }
}
