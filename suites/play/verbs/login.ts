import { exchangesAt, type Journal } from '#core/journal.ts'
import type { Means, When } from '#core/module.ts'
import { anyPort } from '#core/redirect.ts'
import type { Cast } from '../../cast.ts'
import { answer, bring, heldAnswer, type Open, pressAndSettle, reopen, start, type Verb } from '../steps.ts'
import { action, observe, openProfile, openWindow, type Scene } from '../window.ts'

/** Signing in, giving up, two tabs, an answer carried elsewhere. */
export const LOGIN_VERBS = {
  async login(scene, when, open, cast) {
    if (when.do === 'login' && when.carriedOver) return carryOver(scene, when.means, open, cast)
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
} satisfies Partial<Record<When['do'], Verb>>

/** The answer to one browser's login is opened in another browser that has a login of its own under way. */
async function carryOver(scene: Scene, means: Means, open: Open, cast: Cast): Promise<void> {
  const first = await open('a')
  await start(scene, first)
  await answer(scene, first, means)
  const held = await heldAnswer(first)
  const profile = await openProfile(scene)
  const victim = await openWindow(scene, 'b', profile)
  try {
    await start(scene, victim)
    action(scene, 'carry-over', 'La réponse interceptée est ouverte dans un autre navigateur')
    await bring(scene, victim, towardsVictim(held, scene, await cast.read(scene.flow)))
    await observe(scene, victim, 'after-login', { picture: true })
    await reopen(scene, victim)
  } finally {
    await profile.close()
  }
}

/** On a loopback address without a port of its own, it is the victim's listener that the answer is handed to. */
function towardsVictim(held: URL, { facts }: Scene, journal: Journal): URL {
  const own = exchangesAt(journal, 'authorization').findLast(({ params }) => params['redirect_uri'])?.params['redirect_uri']
  if (!own || !anyPort(facts.redirectUri)) return held
  const url = new URL(held)
  url.port = new URL(own).port
  return url
}
