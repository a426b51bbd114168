import { reason } from '../../../recipe-driver.ts'
import { Halt } from '../../steps.ts'
import { action, observe, type Window } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'
import { productCookies } from './sign-in.ts'

/** What somebody who means harm, or a browser's own buttons, do with an answer or a session. */
export const HARM_STEPS = {
  async 'callback-again'(course) {
    const { scene, window } = course
    const address = lastReturn(course)
    action(scene, 'callback-again', 'La même adresse de retour est ouverte une seconde fois')
    await go(window, address)
    await observe(scene, window, 'look', { picture: false })
  },

  async 'foreign-answer'({ scene, window, windows }, { of, under }) {
    const held = (await windows.get(of)?.page.locator('#reponse').getAttribute('href')) ?? ''
    if (held === '') throw new Halt('NO_ANSWER', "Le fournisseur n'a pas retenu de réponse à porter dans l'autre navigateur.")
    const address = new URL(held)
    const first = scene.notes.find((entry) => entry.kind === 'navigation' && entry.url.startsWith(scene.facts.redirectUri))
    if (under !== undefined) {
      const used = first?.kind === 'navigation' ? first.url : held
      const own = under === 'used-state' ? used : ((await window.page.locator('#reponse').getAttribute('href')) ?? held)
      const code = address.searchParams.get('code') ?? ''
      address.search = new URL(own).search
      address.searchParams.set('code', code)
      action(
        scene,
        'inject-code',
        under === 'used-state'
          ? 'Un nouveau code est présenté sous un state qui a déjà servi'
          : 'Le code d’un autre est présenté sous le state de ce navigateur',
      )
    } else action(scene, 'carry-over', 'La réponse interceptée est ouverte dans un autre navigateur')
    await go(window, address.href)
    await scene.driver.chooseExercise?.(window.page, scene.context)
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

async function go({ page }: Window, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'load' }).catch((cause) => {
    throw new Halt('TARGET_SILENT', `Le produit n'a pas répondu au retour du fournisseur (${reason(cause)}).`)
  })
}
