import type { When } from '#core/module.ts'
import { answer, reopen, settleSignedOut, start, type Verb } from '../steps.ts'
import { action, observe } from '../window.ts'

/** Signing out. */
export const LOGOUT_VERBS = {
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
} satisfies Partial<Record<When['do'], Verb>>
