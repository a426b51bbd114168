import { HarnessError } from '#core/errors.ts'
import type { When } from '#core/module.ts'
import { answer, Halt, type Open, reopen, start, type Verb } from '../steps.ts'
import { action, observe, type Scene, type Window } from '../window.ts'

/** Two providers beside each other. */
export const PROVIDERS_VERBS = {
  async providers(scene, when, open) {
    if (when.do !== 'providers') return
    switch (when.scene) {
      case 'second':
      case 'mix-up': {
        const window = await open()
        if (await startSecond(scene, window)) await answer(scene, window, when.means)
        await observe(scene, window, 'after-login', { picture: true })
        if (scene.notes.some((entry) => entry.kind === 'observation' && entry.signedIn === when.persona)) return
        return reopen(scene, window)
      }
      case 'overwrite':
        return overwrite(scene, when, open, [start, startSecond])
      case 'overwrite-reversed':
        return overwrite(scene, when, open, [startSecond, start])
      case 'both': {
        const first = await open('a')
        await start(scene, first)
        await answer(scene, first, when.means)
        await observe(scene, first, 'after-login', { picture: false })
        const second = await open('b')
        if (await startSecond(scene, second)) await answer(scene, second, when.means)
        await observe(scene, second, 'after-login', { picture: true })
        return reopen(scene, first)
      }
    }
  },
} satisfies Partial<Record<When['do'], Verb>>

type Start = (scene: Scene, window: Window) => Promise<boolean>

/** Two logins of one browser are under way, one at each provider; the first one is finished first. */
async function overwrite(scene: Scene, when: When, open: Open, [one, other]: readonly [Start, Start]): Promise<void> {
  const first = await open('a')
  const second = await open('b', first)
  await one(scene, first)
  await other(scene, second)
  await answer(scene, first, when.means)
  await observe(scene, first, 'after-login', { picture: true })
  await answer(scene, second, when.means)
  await observe(scene, second, 'after-login', { picture: true })
}

/**
 * From the start page to the sign-in page of a provider, by way of the second one. False when the product stayed on a page of its own,
 * or the provider did not ask: what the professional sees is looked at by the caller.
 */
export async function startSecond(scene: Scene, window: Window): Promise<boolean> {
  const { facts, driver, context } = scene
  const { page } = window
  const { second } = facts
  if (!second || !driver.startLoginSecond) {
    throw new HarnessError('DRIVER_STEP_FAILED', 'driver.loginSecond : la cible ne dit pas comment on choisit le second fournisseur.', {
      fix: 'Ajoutez driver.loginSecond, ou retirez la capacité « two-providers ».',
      place: { path: 'driver.loginSecond' },
    })
  }
  action(scene, 'start-second', 'Le professionnel demande à se connecter par le second fournisseur')
  const { timeout } = facts
  const wallets = [facts.walletOrigin, second.walletOrigin]
  const asked = page.waitForURL((url) => wallets.includes(url.origin), { timeout, waitUntil: 'domcontentloaded' })
  // A page that the product itself shows in answer to the click: it went no further.
  const stayed = page.waitForResponse(
    (response) => response.request().isNavigationRequest() && response.url().startsWith(facts.baseUrl) && response.status() >= 400,
    { timeout },
  )
  for (const waiting of [asked, stayed]) waiting.catch(() => {})
  await driver.startLoginSecond(page, context)
  try {
    await Promise.any([asked, stayed])
  } catch {
    throw new Halt('NO_AUTHORIZATION_REQUEST', `Le produit n'a pas conduit le navigateur au second fournisseur en ${timeout / 1000} s.`)
  }
  await page.waitForLoadState('load')
  return wallets.includes(new URL(page.url()).origin) && new URL(page.url()).pathname.startsWith('/connexion/')
}
