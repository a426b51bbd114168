import type { Step } from '#core/scenario.ts'
import { answer, forgetProvider, start } from '../../steps.ts'
import { action, observe, type Window } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'

/** Signing in, going from one window to another, visiting pages. */
export const SIGN_IN_STEPS = {
  async start(course) {
    await start(course.scene, course.window)
  },

  async answer(course, { as }) {
    await respond(course, as)
  },

  async 'sign-in'(course, { as }) {
    await start(course.scene, course.window)
    const exercises = await respond(course, as)
    await observe(course.scene, course.window, 'after-login', { picture: false, exercises })
  },

  async visit({ scene, window }, { path }) {
    if (path === undefined) {
      action(scene, 'protected-page', 'Le professionnel ouvre de nouveau la page protégée')
      await scene.driver.openProtectedPage(window.page, scene.context)
    } else {
      action(scene, 'page', `Le professionnel ouvre ${path}`)
      await window.page.goto(new URL(path, scene.facts.baseUrl).href, { waitUntil: 'load' })
    }
    await observe(scene, window, 'protected-page', { picture: false })
  },

  async window(course, { name, profile }) {
    const known = course.windows.get(name)
    if (!known) action(course.scene, 'window', profile === 'same' ? 'Un second onglet du même navigateur' : 'Un autre navigateur, sur un autre poste')
    const window = known ?? (await course.open(name, profile === 'same' ? course.window : undefined))
    course.windows.set(name, window)
    course.window = window
  },

  async forget({ scene, window }, { whose }) {
    if (whose === 'provider') {
      action(scene, 'forget-provider', 'La session du fournisseur est oubliée dans ce navigateur')
      return forgetProvider(scene, window)
    }
    action(scene, 'forget-product', 'Le navigateur perd les cookies du produit')
    const own = scene.cookies ?? []
    for (const { name, domain, path } of await productCookies({ scene, window })) {
      if (!own.some((cookie) => cookie.name === name)) await window.context.clearCookies({ name, domain, path })
    }
  },
} satisfies Partial<Plays>

/** The cookies that the browser would send to the product. */
export async function productCookies({ scene, window }: Pick<Course, 'scene' | 'window'>) {
  return window.context.cookies([scene.facts.baseUrl, scene.facts.redirectUri])
}

/** Answers on the provider's page: as the persona that the page proposes, or as another one. */
async function respond({ scene, window, when }: Course, as: Extract<Step, { step: 'answer' }>['as']): Promise<readonly string[]> {
  if (as && as !== when.persona && atProvider(window)) {
    action(scene, 'choose-identity', `Le professionnel qui s'identifie est « ${as} »`)
    await window.page.getByLabel('Professionnel').selectOption(as)
  }
  return answer(scene, window, when.means)
}

function atProvider({ page }: Window): boolean {
  return new URL(page.url()).pathname.startsWith('/connexion/')
}
