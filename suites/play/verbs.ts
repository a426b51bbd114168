import { HarnessError } from '#core/errors.ts'
import type { Means, When } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'
import type { Cast } from '../cast.ts'
import { reason } from '../recipe-driver.ts'
import { action, note, observe, openProfile, openWindow, type Scene, type Window } from './window.ts'

/** The target did something that keeps the scene from going on; a fact of the journal, not an error of the harness. */
class Halt extends Error {
  readonly code: string
  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

/** Plays one verb of the vocabulary. What the target does is noted; only trouble of our own is thrown. */
export async function play(scene: Scene, when: When, cast: Cast): Promise<void> {
  const windows: Window[] = []
  const open = async (name = '', from?: Window) => {
    const window = await openWindow(scene, name, from?.context)
    windows.push(window)
    return window
  }
  try {
    await VERBS[when.do](scene, when, open, cast)
  } catch (error) {
    if (!(error instanceof Halt || (error instanceof HarnessError && ['DRIVER_STEP_FAILED', 'PRODUCT_UNREACHABLE'].includes(error.code)))) throw error
    note(scene, { kind: 'trouble', channel: 'bench', code: error.code, sentence: error.message })
    const last = windows.at(-1)
    if (last) await observe(scene, last, 'after-login', { picture: true }).catch(() => {})
  } finally {
    await Promise.all([...new Set(windows.map(({ context }) => context))].map((context) => context.close().catch(() => {})))
  }
}

type Open = (name?: string, from?: Window) => Promise<Window>
type Verb = (scene: Scene, when: When, open: Open, cast: Cast) => Promise<void>

const VERBS: Readonly<Record<When['do'], Verb>> = {
  async login(scene, when, open) {
    if (when.do === 'login' && when.carriedOver) return carryOver(scene, when.means, open)
    const window = await open()
    await start(scene, window)
    const exercises = await answer(scene, window, when.means)
    await observe(scene, window, 'after-login', { picture: true, exercises })
    if (scene.notes.some((entry) => entry.kind === 'observation' && entry.signedIn === when.persona)) return
    await reopen(scene, window)
  },

  async request(scene, _when, open) {
    await start(scene, await open())
  },

  async cancel(scene, when, open) {
    const window = await open()
    await start(scene, window)
    action(scene, 'cancel', 'Le professionnel annule sur la page du fournisseur')
    await pressAndSettle(scene, window, 'Annuler')
    await observe(scene, window, 'after-cancel', { picture: true })
    await start(scene, window)
    await answer(scene, window, when.means)
    await observe(scene, window, 'after-retry', { picture: true })
  },

  async 'two-tabs'(scene, when, open) {
    const first = await open('a')
    const second = await open('b', first)
    await start(scene, first)
    await start(scene, second)
    await answer(scene, second, when.means)
    await observe(scene, second, 'after-login', { picture: false })
    await answer(scene, first, when.means)
    await observe(scene, first, 'after-login', { picture: true })
    await reopen(scene, second)
  },

  async logout(scene, when, open) {
    const window = await open()
    await start(scene, window)
    await answer(scene, window, when.means)
    await observe(scene, window, 'after-login', { picture: false })
    action(scene, 'sign-out', 'Le professionnel se déconnecte dans le produit')
    await scene.driver.signOut?.(window.page, scene.context)
    await settleSignedOut(scene, window)
    await observe(scene, window, 'after-sign-out', { picture: true })
    await reopen(scene, window, { keepProviderSession: true })
    const asked = await start(scene, window)
    action(scene, 'login-again', 'Le professionnel demande une nouvelle connexion', { walletAsked: asked })
  },

  async outage(scene, when, open, cast) {
    const window = await open()
    const outage = tokenResponse.unavailable()
    await cast.setCommonFaults([outage])
    try {
      action(scene, 'outage', 'Le canal arrière du fournisseur répond 503')
      await start(scene, window)
      await answer(scene, window, when.means)
      await observe(scene, window, 'after-login', { picture: true })
    } finally {
      await cast.setCommonFaults([])
    }
    action(scene, 'recovery', 'Le fournisseur répond de nouveau')
    await forgetProvider(scene, window)
    await start(scene, window)
    await answer(scene, window, when.means)
    await observe(scene, window, 'after-retry', { picture: true })
  },
}

/** From the start page to the provider's sign-in page. False when the provider did not ask: a session was still alive. */
async function start(scene: Scene, window: Window): Promise<boolean> {
  const { facts } = scene
  const { page } = window
  action(scene, 'start', 'Le professionnel demande à se connecter')
  const asked = page.waitForURL((url) => url.origin === facts.walletOrigin, { timeout: facts.timeout, waitUntil: 'domcontentloaded' })
  const returned = page.waitForResponse((response) => response.url().startsWith(facts.redirectUri), { timeout: facts.timeout })
  for (const waiting of [asked, returned]) waiting.catch(() => {})
  await scene.driver.startLogin(page, scene.context)
  try {
    await Promise.any([asked, returned])
  } catch {
    throw new Halt('NO_AUTHORIZATION_REQUEST', `Le produit n'a pas conduit le navigateur au fournisseur d'identité en ${facts.timeout / 1000} s.`)
  }
  await page.waitForLoadState('load')
  if (!page.url().startsWith(facts.walletOrigin)) return false
  if (new URL(page.url()).pathname.startsWith('/connexion/')) return true
  const said = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ').slice(0, 300)
  throw new Halt('REQUEST_REFUSED', `Le fournisseur a refusé la demande d'autorisation : ${said}`)
}

/** Chooses the means at the provider, lets the browser come back, chooses an exercise if the target asks. */
async function answer(scene: Scene, window: Window, means: Means): Promise<readonly string[]> {
  if (!new URL(window.page.url()).pathname.startsWith('/connexion/')) return []
  action(scene, 'means', `Le professionnel choisit « ${scene.facts.means[means]} »`)
  await pressAndSettle(scene, window, scene.facts.means[means])
  return (await scene.driver.chooseExercise?.(window.page, scene.context)) ?? []
}

/** Presses a button of the provider's page and waits until the browser shows a page of the target, or of the provider again. */
async function pressAndSettle(scene: Scene, window: Window, button: string): Promise<void> {
  const before = window.page.url()
  const settled = window.page.waitForURL((url) => url.href !== before, { timeout: scene.facts.timeout, waitUntil: 'load' })
  settled.catch(() => {})
  await window.page.getByRole('button', { name: button, exact: true }).click()
  try {
    await settled
  } catch (cause) {
    throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
  }
}

/** After a sign-out the browser may pass by the provider: follows it until the page says that nobody is signed in, or time is up. */
async function settleSignedOut(scene: Scene, window: Window): Promise<void> {
  const deadline = Date.now() + scene.facts.timeout
  const quick = { ...scene.context, timeout: 1000 }
  for (;;) {
    const moved = window.page.waitForEvent('framenavigated', { timeout: Math.max(1, deadline - Date.now()) })
    moved.catch(() => {})
    if ((await scene.driver.whoIsSignedIn(window.page, quick)).signedIn === null) return
    try {
      await moved
    } catch {
      return
    }
    await window.page.waitForLoadState('load').catch(() => {})
  }
}

/**
 * A second visit to the protected page. The provider's own session is dropped first, unless it is what is being looked at:
 * a silent new login would only repeat the first one.
 */
async function reopen(scene: Scene, window: Window, { keepProviderSession = false } = {}): Promise<void> {
  action(scene, 'protected-page', 'Le professionnel ouvre de nouveau la page protégée')
  if (!keepProviderSession) await forgetProvider(scene, window)
  await scene.driver.openProtectedPage(window.page, scene.context)
  await observe(scene, window, 'protected-page', { picture: false })
}

async function forgetProvider(scene: Scene, window: Window): Promise<void> {
  await window.context.clearCookies({ domain: `.${scene.facts.cookieDomain}`, name: /^KEYCLOAK_SESSION/ })
}

/** The answer to one browser's login is opened in another browser that has a login of its own under way. */
async function carryOver(scene: Scene, means: Means, open: Open): Promise<void> {
  const first = await open('a')
  await start(scene, first)
  await answer(scene, first, means)
  const held = await first.page.locator('#reponse').getAttribute('href')
  const profile = await openProfile(scene)
  const victim = await openWindow(scene, 'b', profile)
  try {
    await start(scene, victim)
    action(scene, 'carry-over', 'La réponse interceptée est ouverte dans un autre navigateur')
    await victim.page.goto(held ?? '', { waitUntil: 'load' }).catch((cause) => {
      throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
    })
    await scene.driver.chooseExercise?.(victim.page, scene.context)
    await observe(scene, victim, 'after-login', { picture: true })
    await reopen(scene, victim)
  } finally {
    await profile.close()
  }
}
