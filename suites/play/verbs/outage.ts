import type { When } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'
import { answer, forgetProvider, start, type Verb } from '../steps.ts'
import { action, observe } from '../window.ts'

/** The provider out of order, and back. */
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
} satisfies Partial<Record<When['do'], Verb>>
