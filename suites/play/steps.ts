import type { Means, When } from '#core/module.ts'
import { leadsTo } from '#core/redirect.ts'
import type { Cast } from '../cast.ts'
import { reason } from '../recipe-driver.ts'
import { action, observe, type Scene, type Window } from './window.ts'

/** The target did something that keeps the scene from going on; a fact of the journal, not an error of the harness. */
export class Halt extends Error {
  readonly code: string
  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

/** Opens a window of the scene; with `from`, in the same browser profile. */
export type Open = (name?: string, from?: Window) => Promise<Window>
/** How one verb of the vocabulary is played. */
export type Verb = (scene: Scene, when: When, open: Open, cast: Cast) => Promise<void>

/** From the start page to the provider's sign-in page. False when the provider did not ask: a session was still alive. */
export async function start(scene: Scene, window: Window, how = () => scene.driver.startLogin(window.page, scene.context)): Promise<boolean> {
  const { facts } = scene
  const { page } = window
  action(scene, 'start', 'Le professionnel demande à se connecter')
  const asked = page.waitForURL((url) => url.origin === facts.walletOrigin, { timeout: facts.timeout, waitUntil: 'domcontentloaded' })
  const returned = page.waitForResponse((response) => leadsTo(response.url(), facts.redirectUri), { timeout: facts.timeout })
  for (const waiting of [asked, returned]) waiting.catch(() => {})
  await how()
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

/**
 * The same for a product that may refuse before it goes to the provider, because what it reads there is faulty. False when it stayed, or when
 * the provider did not ask.
 */
export async function tryToStart(scene: Scene, window: Window): Promise<boolean> {
  const { facts } = scene
  const stayed = window.page
    .waitForResponse((response) => response.status() >= 400 && response.url().startsWith(facts.baseUrl), { timeout: facts.timeout })
    .then(async () => {
      await window.page.waitForLoadState('load')
      const { refusal } = await scene.driver.whoIsSignedIn(window.page, { ...scene.context, timeout: 1000 })
      if (!refusal) throw new Error('a page that is no refusal')
      return false
    })
  stayed.catch(() => {})
  // A page that is made by scripts refuses without an answer of its server.
  const { promise: pressed, resolve, reject } = Promise.withResolvers<void>()
  const told = pressed.then(async () => {
    if (!scene.driver.refusalShown) throw new Error('a driver that knows no refusal')
    await scene.driver.refusalShown(window.page, scene.context)
    return false
  })
  told.catch(() => {})
  const started = start(scene, window, async () => {
    const pressing = scene.driver.startLogin(window.page, scene.context)
    pressing.then(resolve, reject)
    await pressing
  })
  started.catch(() => {})
  try {
    return await Promise.any([started, stayed, told])
  } catch (cause) {
    const halt = cause instanceof AggregateError ? cause.errors.find((error) => error instanceof Halt) : undefined
    if (halt instanceof Halt && halt.code === 'NO_AUTHORIZATION_REQUEST') return false
    throw cause instanceof AggregateError ? cause.errors[0] : cause
  }
}

/** Chooses the means at the provider, lets the browser come back, chooses an exercise if the target asks. */
export async function answer(scene: Scene, window: Window, means: Means): Promise<readonly string[]> {
  if (!new URL(window.page.url()).pathname.startsWith('/connexion/')) return []
  action(scene, 'means', `Le professionnel choisit « ${scene.facts.means[means]} »`)
  await pressAndSettle(scene, window, scene.facts.means[means])
  return (await scene.driver.chooseExercise?.(window.page, scene.context)) ?? []
}

/** Presses a button of the provider's page and waits until the browser shows a page of the target, or of the provider again. */
export async function pressAndSettle(scene: Scene, window: Window, button: string): Promise<void> {
  const before = window.page.url()
  const settled = window.page.waitForURL((url) => url.href !== before, { timeout: scene.facts.timeout, waitUntil: 'load' })
  settled.catch(() => {})
  await window.page.getByRole('button', { name: button, exact: true }).click({ noWaitAfter: true })
  try {
    await settled
  } catch (cause) {
    throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
  }
}

/** The answer that the provider held back in this window: an address, of the product or of the provider's page that posts it. */
export async function heldAnswer(window: Window | undefined): Promise<URL> {
  const address = await window?.page.locator('#reponse').getAttribute('href')
  if (!address) throw new Halt('NO_ANSWER', "Le fournisseur n'a pas retenu de réponse à porter dans l'autre navigateur.")
  return new URL(address)
}

/** Brings an answer that was held back to the product, the way it would have gone: by its address, or posted from a page elsewhere. */
export async function bring(scene: Scene, window: Window, { href }: URL): Promise<void> {
  await window.page.goto(href, { waitUntil: 'load' }).catch((cause) => {
    throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
  })
  if (!leadsTo(href, scene.facts.redirectUri)) await pressAndSettle(scene, window, 'Envoyer la réponse')
  await scene.driver.chooseExercise?.(window.page, scene.context)
}

/** After a sign-out the browser may pass by the provider: follows it until the page says that nobody is signed in, or time is up. */
export async function settleSignedOut(scene: Scene, window: Window): Promise<void> {
  const deadline = Date.now() + scene.facts.timeout
  const quick = { ...scene.context, timeout: 1000 }
  for (;;) {
    const moved = window.page.waitForEvent('framenavigated', { timeout: Math.max(1, deadline - Date.now()) })
    moved.catch(() => {})
    // The provider keeps the browser, or asks the professional, who says nothing.
    if ((await window.page.locator('#reponse, button[form="op.logoutForm"]').count()) > 0) return
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
export async function reopen(scene: Scene, window: Window, { keepProviderSession = false } = {}): Promise<void> {
  action(scene, 'protected-page', 'Le professionnel ouvre de nouveau la page protégée')
  if (!keepProviderSession) await forgetProvider(scene, window)
  await scene.driver.openProtectedPage(window.page, scene.context)
  await observe(scene, window, 'protected-page', { picture: false })
}

export async function forgetProvider(scene: Scene, window: Window): Promise<void> {
  await window.context.clearCookies({ domain: `.${scene.facts.cookieDomain}`, name: /^KEYCLOAK_SESSION/ })
}
