import { exchangesAt } from '#core/journal.ts'
import { reason } from '../../../recipe-driver.ts'
import { bring, Halt, heldAnswer } from '../../steps.ts'
import { action, observe } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'
import { productCookies } from './sign-in.ts'

/** What somebody who means harm, or a browser's own buttons, do with an answer or a session. */
export const HARM_STEPS = {
  async 'callback-again'(course) {
    const { scene, window } = course
    const address = lastReturn(course)
    action(scene, 'callback-again', 'La même adresse de retour est ouverte une seconde fois')
    await window.page.goto(address, { waitUntil: 'load' }).catch((cause) => {
      throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
    })
    await observe(scene, window, 'look', { picture: false })
  },

  async 'foreign-answer'({ scene, cast, window, windows }, { of, under }) {
    const answer = await heldAnswer(windows.get(of))
    if (under === undefined) action(scene, 'carry-over', 'La réponse interceptée est ouverte dans un autre navigateur')
    else {
      const used = exchangesAt(await cast.read(scene.flow), 'authorization').find(({ params }) => params['state'])?.params['state']
      const state = under === 'used-state' ? used : (await heldAnswer(window)).searchParams.get('state')
      if (state) answer.searchParams.set('state', state)
      else answer.searchParams.delete('state')
      action(
        scene,
        'inject-code',
        under === 'used-state'
          ? 'Un nouveau code est présenté sous un state qui a déjà servi'
          : 'Le code d’un autre est présenté sous le state de ce navigateur',
      )
    }
    await bring(scene, window, answer)
    await observe(scene, window, 'after-login', { picture: false })
  },

  async cookies(course, { what }) {
    const { scene, window } = course
    action(scene, `cookies-${what}`, what === 'keep' ? 'Les cookies du produit sont copiés' : 'Les cookies copiés sont remis dans ce navigateur')
    if (what === 'keep') course.kept = await productCookies(course)
    else await window.context.addCookies(course.kept)
  },
} satisfies Partial<Plays>

/** The return address that this window was sent to last. */
function lastReturn({ scene, window }: Course): string {
  const move = scene.notes.findLast(
    (entry) => entry.kind === 'navigation' && entry.url.startsWith(scene.facts.redirectUri) && (entry.window ?? '') === window.name,
  )
  if (move?.kind !== 'navigation') throw new Halt('NO_ANSWER', "Le navigateur n'a pas été renvoyé à l'adresse de retour du produit.")
  return move.url
}
