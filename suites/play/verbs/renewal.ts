import type { When } from '#core/module.ts'
import type { Cast } from '../../cast.ts'
import { answer, reopen, start, type Verb } from '../steps.ts'
import { action, observe, type Scene, type Window } from '../window.ts'

/** Milliseconds of work: longer than the life of the access token that the units of this verb hand out. */
const WORK = 1200

/** After the login: the access token dies, the professional goes on. */
export const RENEWAL_VERBS = {
  async renew(scene, when, open, cast) {
    const window = await open()
    await start(scene, window)
    await answer(scene, window, when.means)
    await observe(scene, window, 'after-login', { picture: false })
    await renew(scene, window, cast)
  },

  async work(scene, when, open, cast) {
    const window = await open()
    await start(scene, window)
    await answer(scene, window, when.means)
    await observe(scene, window, 'after-login', { picture: false })
    await cast.expireAccessTokens(scene.flow)
    action(scene, 'work', 'Le professionnel travaille dans les pages du produit')
    const until = Date.now() + WORK
    while (Date.now() < until) await scene.driver.openProtectedPage(window.page, scene.context)
    await reopen(scene, window, { keepProviderSession: true })
  },
} satisfies Partial<Record<When['do'], Verb>>

/** The access token dies; the professional, who is signed in, has the identity read anew. */
export async function renew(scene: Scene, window: Window, cast: Cast): Promise<void> {
  await cast.expireAccessTokens(scene.flow)
  action(scene, 'refresh', 'Le professionnel fait relire son identité')
  await scene.driver.refresh?.(window.page, scene.context)
  await reopen(scene, window, { keepProviderSession: true })
}
