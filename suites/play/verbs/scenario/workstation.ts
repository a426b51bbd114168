import type { PersonaId } from '#core/requirement.ts'
import { forgetProvider, settleSignedOut } from '../../steps.ts'
import { action, observe } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'
import { begin, respond } from './sign-in.ts'

/** A workstation that many share. */
export const WORKSTATION_STEPS = {
  async abandon(course, { times }) {
    for (let time = 0; time < times; time++) await begin(course, undefined)
  },

  async 'switch-users'(course, { times, between }) {
    const { scene, window, when } = course
    let [crossed, failed] = [0, 0]
    for (let time = 0; time < times; time++) {
      const persona = between[time % between.length] ?? when.persona
      const shown = await takeTurn(course, persona, time > 0)
      if (shown === persona) continue
      if (shown === null || shown === 'unreadable') failed++
      else crossed++
      await observe(scene, window, 'look', { picture: false })
    }
    action(scene, 'switches', `${times} changements d'utilisateur`, { times, crossed, failed })
  },
} satisfies Partial<Plays>

/** One professional after another: over the other's head where the product allows it, after a sign-out elsewhere. */
async function takeTurn(course: Course, persona: PersonaId, someoneIs: boolean) {
  const { scene, window } = course
  const { driver, context } = scene
  if (someoneIs && !driver.takeOver) {
    await driver.signOut?.(window.page, context)
    await settleSignedOut(scene, window)
  }
  await forgetProvider(scene, window)
  // A browser keeps 180 cookies a site: those of two hundred finished logins would drive out the one that names the flow.
  await window.context.clearCookies({ name: /^(AUTH_SESSION_ID|KC_RESTART)/ })
  await begin(course, someoneIs && driver.takeOver ? 'signed-in' : undefined)
  await respond(course, persona)
  return (await driver.whoIsSignedIn(window.page, context)).signedIn
}
