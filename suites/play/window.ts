import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import type { Driver, DriverContext, Seen } from '#core/driver.ts'
import type { Draft, Moment, SeenCookie } from '#core/journal.ts'
import type { PersonaId } from '#core/requirement.ts'
import { FLOW_COOKIE } from '#simulators/openid-provider/index.ts'
import type { RunFacts } from '../cast.ts'
import { renderingWasNeeded, scripted } from '../http-engine/browser.ts'

/** What a scene is played with: one flow, one browser, the target's driver, and the notes taken on the way. */
export interface Scene {
  readonly unit: string
  readonly flow: string
  readonly browser: Browser
  readonly driver: Driver
  readonly facts: RunFacts
  readonly context: DriverContext
  /** Browser cookies that the target itself wants (our reference reads its defects there). */
  readonly cookies?: readonly { readonly name: string; readonly value: string }[]
  /** Take pictures where a unit wants them; a kill matrix needs none. */
  readonly pictures: boolean
  readonly notes: Draft[]
  /** Headers that the browser adds to every request, as somebody who means harm would. */
  readonly forged?: Readonly<Record<string, string>>
}

/** One browser profile with one page, wired to the scene's notes. */
export interface Window {
  readonly name: string
  readonly context: BrowserContext
  readonly page: Page
  /** HTTP status of the document that the page shows. */
  status(): number | null
  /** Its headers that protect it. */
  headers(): Readonly<Record<string, string>>
}

/** Where the simulators stand: they keep their own record of what reaches them. */
function providerOrigins({ walletOrigin, authOrigin, second }: RunFacts): string[] {
  return [walletOrigin, authOrigin, ...(second ? [second.walletOrigin, second.authOrigin] : [])]
}

export function note(scene: Scene, draft: Draft): void {
  scene.notes.push({ at: new Date().toISOString(), ...draft })
}

export function action(scene: Scene, verb: string, title: string, detail?: Readonly<Record<string, string | number | boolean | null>>): void {
  note(scene, { kind: 'action', channel: 'bench', verb, title, ...(detail ? { detail } : {}) })
}

/** Headers of a page that say who may frame it, keep it, or learn where one came from. */
const PROTECTIVE = ['cache-control', 'content-security-policy', 'x-frame-options', 'referrer-policy'] as const

/** A fresh profile: no cookie but the flow's, on the provider's domain. */
export async function openProfile(scene: Scene): Promise<BrowserContext> {
  const { facts } = scene
  const context = await scene.browser.newContext({
    ignoreHTTPSErrors: true,
    locale: 'fr-FR',
    viewport: { width: 1024, height: 640 },
    ...(scene.forged ? { extraHTTPHeaders: scene.forged } : {}),
  })
  await context.addCookies([
    { name: FLOW_COOKIE, value: scene.flow, domain: `.${facts.cookieDomain}`, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
    // Also in a frame of another site, where a browser sends no others.
    ...(scene.cookies ?? []).map((cookie) => ({
      ...cookie,
      url: facts.baseUrl,
      ...(facts.baseUrl.startsWith('https:') ? { secure: true, sameSite: 'None' as const } : {}),
    })),
  ])
  context.setDefaultTimeout(facts.timeout)
  return context
}

export async function openWindow(scene: Scene, name = '', profile?: BrowserContext): Promise<Window> {
  const context = profile ?? (await openProfile(scene))
  const page = await context.newPage()
  let last: number | null = null
  let headers: Record<string, string> = {}
  page.on('response', (response) => {
    const request = response.request()
    if (!request.isNavigationRequest() || request.frame().parentFrame()) return
    last = response.status()
    const all = response.headers()
    headers = Object.fromEntries(PROTECTIVE.flatMap((header) => (all[header] === undefined ? [] : [[header, all[header]]])))
    const url = request.url()
    // The provider keeps its own record of what reaches it.
    if (providerOrigins(scene.facts).some((origin) => url.startsWith(origin))) return
    const referer = request.headers()['referer']
    note(scene, {
      kind: 'navigation',
      channel: 'browser',
      method: request.method(),
      url,
      status: last,
      ...(referer ? { referer } : {}),
      ...(name ? { window: name } : {}),
    })
  })
  return { name, context, page, status: () => last, headers: () => headers }
}

/** Whether the window shows a page of the provider: nobody is signed in there, and its list of professionals is not the product's. */
export function isAtProvider({ facts }: Scene, page: Page): boolean {
  return providerOrigins(facts).some((origin) => page.url().startsWith(origin))
}

/** Writes down what the professional sees. `picture` costs a tenth of a second: only where it is evidence. */
export async function observe(
  scene: Scene,
  window: Window,
  moment: Moment,
  options: { picture: boolean; exercises?: readonly string[]; cookies?: readonly SeenCookie[] },
): Promise<void> {
  const { page } = window
  const atProvider = () => isAtProvider(scene, page)
  const told = atProvider() ? undefined : await scene.driver.whoIsSignedIn(page, scene.context)
  // Back on the provider's sign-in page: nobody is signed in, whatever the target's locators say of a page that is not its own.
  const seen: Seen = !told || (told.signedIn === 'unreadable' && atProvider()) ? { signedIn: null } : told
  // Side by side: each question to a browser takes its time.
  const [shown, injected, screenshot] = await Promise.all([
    page
      .locator('body')
      .innerText({ timeout: 2000 })
      .catch(() => ''),
    page.evaluate(() => document.querySelector('#hospicert-injection') !== null || 'hospicert' in window).catch(() => false),
    options.picture && scene.pictures ? picture(scene, window, moment) : undefined,
  ])
  const text = [shown, seen.text].filter(Boolean).join('\n')
  const needles = [...scene.context.needles].filter(([, needle]) => text.includes(needle)).map(([persona]) => persona as PersonaId)
  note(scene, {
    kind: 'observation',
    channel: 'bench',
    moment,
    signedIn: seen.signedIn,
    url: page.url(),
    httpStatus: window.status(),
    ...(atProvider() ? {} : { headers: window.headers() }),
    ...(options.cookies ? { cookies: options.cookies } : {}),
    text: text.slice(0, 3000),
    needles,
    ...(seen.refusal ? { refusal: seen.refusal } : {}),
    ...(injected ? { injected } : {}),
    ...(options.exercises?.length ? { exercises: options.exercises } : {}),
    ...(screenshot ? { screenshot } : {}),
    ...(window.name ? { window: window.name } : {}),
  })
}

/**
 * What is noted when an engine without rendering came to its limits: a gesture that only a real browser has, or, with `stopped`, a page
 * whose scripts might have gone on where the scene did not.
 */
export function beyond({ context, page }: Window, stopped = false): Draft | undefined {
  if (!renderingWasNeeded(context) && !(stopped && scripted(page))) return undefined
  const sentence = `La page ${page.url()} s'affiche ou réagit par script : ce produit demande le moteur navigateur (--engine browser).`
  return { kind: 'trouble', channel: 'bench', code: 'NEEDS_RENDERING', sentence }
}

async function picture(scene: Scene, window: Window, moment: Moment): Promise<string | undefined> {
  const name = [scene.unit.replaceAll('/', '.').replaceAll('#', '~'), moment, window.name].filter(Boolean).join('.')
  const path = `captures/${name}.jpg`
  mkdirSync(join(scene.facts.folder, 'captures'), { recursive: true })
  const taken = await window.page
    .screenshot({ path: join(scene.facts.folder, path), type: 'jpeg', quality: 60, animations: 'disabled', timeout: 5000 })
    .catch(() => undefined)
  return taken ? path : undefined
}
