import { HarnessError } from '#core/errors.ts'
import { exchangesAt } from '#core/journal.ts'
import type { PhoneScene, When } from '#core/module.ts'
import { persona } from '#fixtures/load.ts'
import type { Cast } from '../../cast.ts'
import { Halt, type Open, reopen, type Verb } from '../steps.ts'
import { action, observe, type Scene, type Window } from '../window.ts'
import { renew } from './renewal.ts'

type PhoneWhen = Extract<When, { do: 'phone' }>

/** Signing in by phone, without leaving the product (OpenID CIBA Core 1.0, poll mode). */
export const PHONE_VERBS = {
  async phone(scene, when, open, cast) {
    if (when.do !== 'phone') return
    const opened: Window[] = []
    const enter: Open = async (name) => {
      const window = await open(name)
      opened.push(window)
      return window
    }
    try {
      await SCENES[when.scene](scene, when, enter, cast)
    } finally {
      // A product may hold back the next request for this professional while a screen still waits.
      for (const { page } of opened) await scene.driver.openProtectedPage(page, scene.context).catch(() => {})
    }
  },
} satisfies Partial<Record<When['do'], Verb>>

type PlayScene = (scene: Scene, when: PhoneWhen, open: Open, cast: Cast) => Promise<void>

const SCENES: Readonly<Record<PhoneScene, PlayScene>> = {
  async 'sign-in'(scene, when, open) {
    const window = await open()
    await ask(scene, window, when)
    await finish(scene, window, when)
    if (scene.notes.some((entry) => entry.kind === 'observation' && entry.moment === 'after-login' && entry.signedIn === when.persona)) return
    await reopen(scene, window)
  },

  async renewed(scene, when, open, cast) {
    const window = await open()
    await ask(scene, window, when)
    await finish(scene, window, when)
    await renew(scene, window, cast)
  },

  async thrice(scene, when, open) {
    const window = await open()
    for (let turn = 0; turn < 3; turn++) {
      await ask(scene, window, when)
      await leave(scene, window)
    }
  },

  async abandoned(scene, when, open, cast) {
    const window = await open()
    await ask(scene, window, when)
    await leave(scene, window)
    action(scene, 'approve-late', 'Le professionnel approuve sur son téléphone, alors que l’écran est abandonné')
    await cast.answerPhone(scene.flow, 'approve')
    await silence(scene, window, cast, when)
    await reopen(scene, window)
  },

  async crossed(scene, when, open, cast) {
    const window = await open('a')
    await ask(scene, window, when)
    const other = await open('b')
    action(scene, 'cross', 'L’adresse de l’écran d’attente est ouverte sur un autre poste')
    await other.page.goto(window.page.url(), { waitUntil: 'load' })
    await cast.answerPhone(scene.flow, 'approve')
    await finish(scene, other, when)
    await reopen(scene, other)
  },

  async parallel(scene, when, open) {
    await ask(scene, await open('a'), when)
    await ask(scene, await open('b'), when)
  },
}

/** From the start page to the screen that waits for the phone, or that says why there is nothing to wait for. */
async function ask(scene: Scene, window: Window, when: PhoneWhen): Promise<void> {
  const { driver, context } = scene
  if (!driver.startPhoneLogin || !driver.isWaitingForPhone) {
    throw new HarnessError('DRIVER_STEP_FAILED', 'driver.phone : la cible ne dit pas comment on se connecte par le téléphone.', {
      fix: 'Ajoutez driver.phone, ou retirez la capacité « ciba ».',
      place: { path: 'driver.phone' },
    })
  }
  action(scene, 'ask-phone', 'Le professionnel demande à se connecter par son téléphone')
  await driver.startPhoneLogin(window.page, context, persona(when.persona).idNat)
  await observe(scene, window, 'waiting', { picture: when.scene === 'sign-in' })
}

/** Waits, as the professional would, until the product says how it ended. */
async function finish(scene: Scene, window: Window, { phone }: PhoneWhen): Promise<void> {
  const { driver, context, facts } = scene
  const { page } = window
  const deadline = Date.now() + (phone.expiresIn ?? 0) * 1000 + facts.timeout
  while (await driver.isWaitingForPhone?.(page, context)) {
    if (Date.now() > deadline) throw new Halt('TARGET_SILENT', 'Le produit attend encore le téléphone, alors que la demande a expiré.')
    const moved = page.waitForEvent('framenavigated', { timeout: facts.timeout })
    moved.catch(() => {})
    await driver.proceedPhoneLogin?.(page, context)
    try {
      await moved
    } catch {
      throw new Halt('TARGET_SILENT', `L'écran d'attente du produit n'a pas changé en ${facts.timeout / 1000} s.`)
    }
    await page.waitForLoadState('load')
  }
  const exercises = (await driver.chooseExercise?.(page, context)) ?? []
  await observe(scene, window, 'after-login', { picture: true, exercises })
}

/** The professional leaves the waiting screen for the product's first page. */
async function leave(scene: Scene, window: Window): Promise<void> {
  action(scene, 'leave', "Le professionnel quitte l'écran d'attente")
  await scene.driver.openProtectedPage(window.page, scene.context)
}

/** Gives a product that asks by itself the time of two polls: until it has, or the screen changes. */
async function silence(scene: Scene, window: Window, cast: Cast, { phone }: PhoneWhen): Promise<void> {
  const until = Date.now() + 2 * (phone.interval ?? 5) * 1000 + 500
  const asked = () => cast.read(scene.flow).then((journal) => exchangesAt(journal, 'token').some(({ status }) => status === 200))
  while (Date.now() < until && !(await asked())) {
    await window.page.waitForEvent('framenavigated', { timeout: 250 }).catch(() => {})
  }
}
