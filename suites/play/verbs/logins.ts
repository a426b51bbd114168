import type { When } from '#core/module.ts'
import { answer, reopen, tryToStart, type Verb } from '../steps.ts'
import { action, observe, type Window } from '../window.ts'

/** Several logins in a row, while the provider changes. */
export const LOGINS_VERBS = {
  async logins(scene, when, open, cast) {
    if (when.do !== 'logins') return
    let window: Window | undefined
    let signedIn = false
    for (let login = 1; login <= when.times; login++) {
      await cast.setLogin(scene.flow, login)
      if (when.times > 1) action(scene, 'login', `Connexion n° ${login}`, { login })
      if (!window || !when.sameBrowser || signedIn) window = await open(when.times > 1 ? String(login) : '')
      const asked = await tryToStart(scene, window)
      if (when.midway === login) {
        action(scene, 'midway', 'Le fournisseur change pendant que le professionnel est devant sa page')
        await cast.setLogin(scene.flow, login + 1)
      }
      const exercises = asked ? await answer(scene, window, when.means) : []
      await observe(scene, window, 'after-login', { picture: login === when.times, exercises })
      const look = scene.notes.at(-1)
      signedIn = look?.kind === 'observation' && look.signedIn !== null
    }
    if (window && !signedIn) await reopen(scene, window)
  },
} satisfies Partial<Record<When['do'], Verb>>
