import { HarnessError } from '#core/errors.ts'
import type { When } from '#core/module.ts'
import type { Cast } from '../cast.ts'
import { Halt, type Verb } from './steps.ts'
import { LOGIN_VERBS } from './verbs/login.ts'
import { LOGINS_VERBS } from './verbs/logins.ts'
import { LOGOUT_VERBS } from './verbs/logout.ts'
import { OUTAGE_VERBS } from './verbs/outage.ts'
import { PHONE_VERBS } from './verbs/phone.ts'
import { PROVIDERS_VERBS } from './verbs/providers.ts'
import { RENEWAL_VERBS } from './verbs/renewal.ts'
import { SCENARIO_VERBS } from './verbs/scenario.ts'
import { WORKSTATION_VERBS } from './verbs/workstation.ts'
import { beyond, note, observe, openWindow, type Scene, type Window } from './window.ts'

const VERBS: Readonly<Record<When['do'], Verb>> = {
  ...LOGIN_VERBS,
  ...LOGINS_VERBS,
  ...LOGOUT_VERBS,
  ...OUTAGE_VERBS,
  ...PHONE_VERBS,
  ...RENEWAL_VERBS,
  ...PROVIDERS_VERBS,
  ...SCENARIO_VERBS,
  ...WORKSTATION_VERBS,
}

/** Plays one verb of the vocabulary. What the target does is noted; only trouble of our own is thrown. */
export async function play(scene: Scene, when: When, cast: Cast): Promise<void> {
  const windows: Window[] = []
  let stopped = false
  const staged = when.do === 'scenario' && when.headers ? { ...scene, forged: when.headers } : scene
  const open = async (name = '', from?: Window) => {
    const window = await openWindow(staged, name, from?.context)
    windows.push(window)
    return window
  }
  try {
    await VERBS[when.do](staged, when, open, cast)
  } catch (error) {
    if (!(error instanceof Halt || (error instanceof HarnessError && ['DRIVER_STEP_FAILED', 'PRODUCT_UNREACHABLE'].includes(error.code)))) throw error
    stopped = true
    note(scene, { kind: 'trouble', channel: 'bench', code: error.code, sentence: error.message })
    const last = windows.at(-1)
    // A page that waits for an answer that does not come cannot be read: every question to it waits as well.
    if (last && error.code !== 'TARGET_SILENT') await observe(scene, last, 'after-login', { picture: true }).catch(() => {})
  } finally {
    const limit = windows.map((window) => beyond(window, stopped)).find((draft) => draft !== undefined)
    if (limit) note(scene, limit)
    await Promise.all([...new Set(windows.map(({ context }) => context))].map((context) => context.close().catch(() => {})))
  }
}
