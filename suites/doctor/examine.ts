import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import type { Driver, DriverContext } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'
import { type Journal, of } from '#core/journal.ts'
import { act, login, type When } from '#core/module.ts'
import type { Cast } from '../cast.ts'
import { play } from '../play/verbs.ts'
import { beyond, note, observe, openWindow, type Scene } from '../play/window.ts'
import type { Evidence, Offer } from './evidence.ts'
import { type Witnessed, witness } from './witness.ts'

/** Who plays, and how far. */
export interface Examination {
  readonly cast: Cast
  readonly browser: Browser
  readonly driver: Driver
  readonly context: DriverContext
  /** Play a logout too, when the login went well. */
  readonly logout?: boolean
}

/**
 * Plays what a certification rests on: the protected page opened by nobody, one honest login of the canary, one honest logout. Nothing
 * is judged: what was seen is handed on.
 */
export async function examine({ cast, browser, driver, context, logout: alsoLogout }: Examination): Promise<Evidence> {
  const { facts } = cast
  const watched = witness(browser, (url) => url.startsWith(facts.walletOrigin) || url.startsWith(facts.authOrigin), facts.engine === 'browser')
  const offered: Offer[] = []
  const curious = lookingAround(driver, offered)
  const sceneOf = (unit: string): Scene => ({
    unit,
    flow: unit,
    browser: watched.browser,
    driver: curious,
    facts,
    context,
    pictures: true,
    notes: [],
  })
  const nobody = await openedByNobody(sceneOf('etalonnage-personne'), cast)
  watched.take()
  const reachable = of(nobody, 'trouble').length === 0
  const signedIn = reachable ? await played(sceneOf('etalonnage-canari'), cast, watched, login()) : { journal: [], hops: [] }
  const canary = of(signedIn.journal, 'observation').some(({ signedIn: who }) => who === 'canari')
  const signedOut = alsoLogout && canary && driver.signOut ? await played(sceneOf('etalonnage-deconnexion'), cast, watched, act('logout')) : undefined
  return {
    target: facts.target,
    targetFile: facts.targetFile,
    facts,
    nobody,
    login: signedIn.journal,
    hops: signedIn.hops,
    ...(signedOut ? { logout: signedOut.journal, logoutHops: signedOut.hops } : {}),
    stray: [...(await cast.read(''))],
    ...(offered.length > 0 ? { offered } : {}),
    log: lastLines(join(facts.folder, 'produit.log')),
  }
}

async function played(scene: Scene, cast: Cast, watched: Witnessed, when: When) {
  const journal = await playScene(scene, cast, () => play(scene, when, cast))
  return { journal, hops: watched.take() }
}

async function openedByNobody(scene: Scene, cast: Cast): Promise<Journal> {
  return playScene(scene, cast, async () => {
    const window = await openWindow(scene)
    try {
      await scene.driver.openProtectedPage(window.page, scene.context)
      await observe(scene, window, 'before-login', { picture: true })
      const limit = beyond(window)
      if (limit) note(scene, limit)
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error
      note(scene, { kind: 'trouble', channel: 'bench', code: error.code, sentence: error.message })
    } finally {
      await window.context.close()
    }
  })
}

async function playScene(scene: Scene, cast: Cast, scenario: () => Promise<void>): Promise<Journal> {
  await cast.openFlow({ id: scene.flow, unit: scene.unit, faults: [], persona: 'canari', means: 'card' })
  try {
    await scenario()
  } finally {
    await cast.append(scene.flow, scene.notes)
  }
  const journal = await cast.read(scene.flow)
  await cast.closeFlow(scene.flow)
  return journal
}

/** A driver that, when a gesture finds nothing, notes what the page offers instead. */
function lookingAround(driver: Driver, offered: Offer[]): Driver {
  const curious = (verb: (page: Page, context: DriverContext) => Promise<void>) => async (page: Page, context: DriverContext) => {
    try {
      await verb(page, context)
    } catch (error) {
      offered.push(...(await offersOf(page).catch(() => [])))
      throw error
    }
  }
  return {
    ...driver,
    startLogin: curious((page, context) => driver.startLogin(page, context)),
    ...(driver.signOut ? { signOut: curious((page, context) => driver.signOut?.(page, context) ?? Promise.resolve()) } : {}),
  }
}

async function offersOf(page: Page): Promise<Offer[]> {
  const roles = ['link', 'button'] as const
  const found = await Promise.all(
    roles.map(async (role) => (await page.getByRole(role).allInnerTexts()).map((name) => ({ role, name: name.replaceAll(/\s+/g, ' ').trim() }))),
  )
  return found
    .flat()
    .filter(({ name }) => name !== '')
    .slice(0, 8)
}

function lastLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-60)
  } catch {
    return []
  }
}
