import type { When } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'
import { answer, forgetProvider, reopen, start, type Verb } from '../steps.ts'
import { action, observe } from '../window.ts'

/** The provider out of order, and back; its connection no longer safe. */
export const OUTAGE_VERBS = {
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

  async 'unsafe-channel'(scene, when, open, cast) {
    const window = await open()
    await start(scene, window)
    action(scene, 'unsafe-channel', 'Le canal arrière du fournisseur ne présente plus une connexion sûre')
    await cast.bendTransport(scene.flow)
    try {
      await answer(scene, window, when.means)
      await observe(scene, window, 'after-login', { picture: true })
    } finally {
      await cast.bendTransport(null)
    }
    await reopen(scene, window)
  },
} satisfies Partial<Record<When['do'], Verb>>
