import type { Step } from '#core/scenario.ts'
import { answer, forgetProvider, Halt, start } from '../../steps.ts'
import { action, observe, type Window } from '../../window.ts'
import type { Course, Plays } from '../scenario.ts'

/** Signing in, going from one window to another, visiting pages. */
export const SIGN_IN_STEPS = {
  async start(course, { although }) {
    await begin(course, although)
  },

  async answer(course, { as }) {
    await respond(course, as)
  },

  async look({ scene, window }, { moment }: Extract<Step, { step: 'look' }>) {
    await observe(scene, window, moment, { picture: false })
  },

  async 'sign-in'(course, { as, although, moment }: Extract<Step, { step: 'sign-in' }>) {
    const { scene, window } = course
    const asked = await begin(course, although)
    action(scene, 'login-again', 'Le fournisseur a-t-il demandé un moyen ?', { walletAsked: asked })
    const exercises = await respond(course, as)
    await observe(scene, window, moment ?? 'after-login', { picture: false, exercises })
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
    for (const { name, domain, path } of await productCookies({ scene, window })) await window.context.clearCookies({ name, domain, path })
  },

  async 'start-towards'({ scene, window }, { page }) {
    const { returnTo } = scene.facts.target
    if (!returnTo) throw new Halt('NOT_DECLARED', 'La cible ne dit pas comment la connexion retient une page (returnTo).')
    const address = new URL(returnTo.start, scene.facts.baseUrl)
    for (const parameter of returnTo.parameters) address.searchParams.set(parameter, written(page, scene))
    action(scene, 'start-towards', 'Une connexion est demandée avec une page de retour', { page: written(page, scene) })
    await start(scene, window, () => open(window, address))
  },

  async 'start-from-elsewhere'({ scene, window }, { iss, page }) {
    const { facts } = scene
    const { initiateLoginUri } = facts.target.client
    if (!initiateLoginUri) throw new Halt('NOT_DECLARED', 'La cible ne dit pas où un tiers lance une connexion (client.initiateLoginUri).')
    const address = new URL(initiateLoginUri, facts.baseUrl)
    if (iss !== 'none') address.searchParams.set('iss', iss === 'other' ? elsewhere(scene) : facts.issuer)
    if (page !== undefined) address.searchParams.set('target_link_uri', written(page, scene))
    if (page !== undefined) action(scene, 'start-towards', 'Un tiers demande une connexion, avec une page de retour', { page: written(page, scene) })
    if (iss === undefined) await start(scene, window, () => open(window, address))
    else {
      // What the product makes of a stranger is its own affair, but no wait for a request that must not come.
      action(scene, 'start', 'Un tiers demande une connexion chez un fournisseur inconnu')
      await open(window, address)
      await observe(scene, window, 'after-login', { picture: false })
    }
  },
} satisfies Partial<Plays>

/** The cookies that the browser would send to the product, but those that the product's own bench put there. */
export async function productCookies({ scene, window }: Pick<Course, 'scene' | 'window'>) {
  const own = new Set((scene.cookies ?? []).map(({ name }) => name))
  const cookies = await window.context.cookies([scene.facts.baseUrl, scene.facts.redirectUri])
  return cookies.filter(({ name }) => !own.has(name))
}

/** Starts a login, also where somebody is signed in. False when the provider did not ask for a means. */
export async function begin({ scene, window }: Course, although: 'signed-in' | undefined): Promise<boolean> {
  if (!although) return start(scene, window)
  const { driver, context } = scene
  if (!driver.takeOver) throw new Halt('NOT_DECLARED', 'Le pilote ne sait pas relancer une connexion quand quelqu’un est connecté (driver.takeOver).')
  return start(scene, window, () => driver.takeOver?.(window.page, context) ?? Promise.resolve())
}

/** Answers on the provider's page: as the persona that the page proposes, or as another one. */
export async function respond({ scene, window, when }: Course, as: Extract<Step, { step: 'answer' }>['as']): Promise<readonly string[]> {
  if (new URL(window.page.url()).pathname.startsWith('/connexion/')) {
    const who = as ?? when.persona
    action(scene, 'identify', `Le professionnel qui s'identifie est « ${who} »`, { as: who })
    if (who !== when.persona) await window.page.getByLabel('Professionnel').selectOption(who)
  }
  return answer(scene, window, when.means)
}

async function open({ page }: Window, address: URL): Promise<void> {
  await page.goto(address.href, { waitUntil: 'load' })
}

/** An address that is not the product's, and that only writes down who comes. */
function elsewhere({ facts, flow }: Course['scene']): string {
  return `${facts.walletOrigin}/piege/${flow}`
}

/** `{elsewhere}`, `{host}` and `{path}` of it, `{product}` for the product's own host. */
function written(page: string, scene: Course['scene']): string {
  const { href, host, pathname } = new URL(elsewhere(scene))
  const { host: product } = new URL(scene.facts.baseUrl)
  return page
    .replaceAll('{elsewhere}', href)
    .replaceAll('{host}', host)
    .replaceAll('{path}', pathname)
    .replaceAll('{product}', product)
    .replaceAll('{page}', scene.facts.target.returnTo?.page ?? '/')
}
