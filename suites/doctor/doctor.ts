import type { Browser } from 'playwright'
import { TOPICS, type Topic, type TopicOutcome } from '#core/diagnosis.ts'
import type { Recipe } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'
import type { Target } from '#core/target.ts'
import type { Leniency } from '#simulators/openid-provider/index.ts'
import { driverContext } from '../bench.ts'
import { findBrowser, launch } from '../browser.ts'
import type { RunFacts } from '../cast.ts'
import { loadDriver } from '../load-driver.ts'
import { type OpenRun, openRun } from '../open-run.ts'
import { recipeDriver } from '../recipe-driver.ts'
import { diagnose } from './diagnose.ts'
import type { Evidence } from './evidence.ts'
import { examine } from './examine.ts'
import { landmarks } from './found.ts'
import { probeProduct } from './probe.ts'

export interface DoctorOptions {
  readonly target: Target
  readonly targetFile: string
  /** Folder of this examination; made if missing. */
  readonly folder: string
  readonly pki: string
  /** Where a packaged browser is unpacked. */
  readonly out: string
  /** One that is started already, with the names of this target; it is left open. */
  readonly browser?: Browser
}

/** A fault that is noted is then let pass, at most so many times: what lies behind it is looked at as well. */
const MOST_PASSES = 5

/**
 * Examines a product before it is certified: starts what a run starts, plays an honest login, and says what is well and what is not.
 * What stops the login is noted and then tolerated, so that one fault does not hide the next.
 */
export async function consult(options: DoctorOptions): Promise<readonly TopicOutcome[]> {
  const { target, targetFile } = options
  let run: OpenRun | undefined
  try {
    const found = await findBrowser(options.out)
    const driver = await loadDriver(target, targetFile)
    run = await openRun({ ...options, engine: 'browser', browser: found })
    const browser = options.browser ?? (await launch(found, run.facts.hosts))
    try {
      return await passes(run, browser, driver)
    } finally {
      if (!options.browser) await browser.close()
    }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    return diagnose(await offStage(options, error))
  } finally {
    await run?.close()
  }
}

/** What can be said of a target file that could not be read. */
export function unreadable(file: string, error: HarnessError): readonly TopicOutcome[] {
  const target = { baseUrl: '', client: {}, capabilities: ['rp-initiated-logout'], personas: {}, driver: file } as unknown as Target
  return diagnose({ target, targetFile: file, failure: failureOf(error), nobody: [], login: [], stray: [], hops: [], log: [] })
}

async function passes(run: OpenRun, browser: Awaited<ReturnType<typeof launch>>, honest: Awaited<ReturnType<typeof loadDriver>>) {
  const { target } = run.facts
  const reach = await probeProduct(target, run.facts.baseUrl, run.facts.hosts)
  let [facts, driver] = [run.facts, honest]
  let slack: Leniency = {}
  let outcomes: readonly TopicOutcome[] = []
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const cast = { ...run.cast, facts }
    const seen = await examine({ cast, browser, driver, context: driverContext(facts), logout: target.capabilities.includes('rp-initiated-logout') })
    const evidence = { ...seen, ...(reach ? { reach } : {}) }
    const now = diagnose(evidence)
    outcomes = merged(outcomes, now)
    const next = tolerated(evidence, now, slack, run)
    if (!next) break
    slack = next.leniency
    facts = next.facts
    if (next.login && typeof target.driver !== 'string' && !('client' in target.driver))
      driver = recipeDriver({ ...target.driver, login: next.login })
    run.beLenient(slack)
  }
  return outcomes
}

/** What to let pass next time; undefined when nothing more can be seen that way. */
function tolerated(evidence: Evidence, outcomes: readonly TopicOutcome[], before: Leniency, { registration, facts: { baseUrl } }: OpenRun) {
  const { request, token } = landmarks(evidence)
  const facts = evidence.facts as RunFacts
  const ids = new Set(outcomes.flatMap(({ diagnoses }) => diagnoses.map(({ id }) => id)))
  const client = before.client ?? registration
  const asked = request?.params ?? {}
  const { client_id: id, redirect_uri: back, scope } = asked
  const login = ids.has('locator-login') || ids.has('login-not-started') ? likelyLogin(evidence) : undefined
  const changes: { -readonly [Member in keyof Leniency]: Leniency[Member] } = { ...before }
  let seen: RunFacts = facts
  if (ids.has('client-id') && id) {
    changes.client = { ...(changes.client ?? client), id }
    seen = { ...seen, clientId: id }
  }
  if ([...ids].some((one) => one.startsWith('redirect-uri-')) && back && URL.canParse(back)) {
    const known = changes.client ?? client
    changes.client = { ...known, redirectUris: [...known.redirectUris, back] }
    if (new URL(back).origin !== baseUrl) changes.returnTo = baseUrl
    seen = { ...seen, redirectUri: back }
  }
  if (ids.has('client-auth-method') && (token?.clientAuth === 'client_secret_basic' || token?.clientAuth === 'client_secret_post'))
    changes.client = { ...(changes.client ?? client), auth: token.clientAuth }
  if (ids.has('client-secret') && !before.anySecret) Object.assign(changes, { anySecret: true, client: changes.client ?? client })
  if (ids.has('scope-unknown') && scope && !before.scopes) changes.scopes = scope.split(' ')
  const same = JSON.stringify(changes) === JSON.stringify(before)
  if (same && !login) return undefined
  return { leniency: changes, facts: seen, ...(login ? { login } : {}) }
}

/** The link or button that most looks like the way in. */
function likelyLogin({ offered = [] }: Evidence): Recipe['login'] | undefined {
  for (const words of [/pro ?sant|e-?cps|\bpsc\b/i, /connecter|connexion|login|log in|sign in|identif/i]) {
    const found = offered.find(({ name }) => words.test(name))
    if (found) return [{ click: { ...found, exact: true } }]
  }
  return undefined
}

/** What the first look found stays; what a later one sees behind it is added. */
function merged(before: readonly TopicOutcome[], now: readonly TopicOutcome[]): readonly TopicOutcome[] {
  const found = new Map(before.map((outcome) => [outcome.topic, outcome]))
  return (Object.keys(TOPICS) as Topic[]).flatMap((topic) => {
    const [old, fresh] = [found.get(topic), now.find((outcome) => outcome.topic === topic)]
    if (!old || !fresh) return fresh ? [fresh] : []
    const known = new Set(old.diagnoses.map(({ id }) => id))
    const diagnoses = [...old.diagnoses, ...fresh.diagnoses.filter(({ id }) => !known.has(id))]
    if (diagnoses.length === 0) return [fresh.state === 'unseen' ? old : fresh]
    return [{ topic, state: diagnoses.some(({ state }) => state === 'erreur') ? 'erreur' : 'attention', seen: '', diagnoses }]
  })
}

/** The actors did not come on stage: what can be seen from outside all the same. */
async function offStage({ target, targetFile }: DoctorOptions, error: HarnessError): Promise<Evidence> {
  const known = new URL(target.baseUrl).port !== '0'
  const outside = known && (error.code === 'PRODUCT_UNREACHABLE' || error.code === 'PRODUCT_NOT_READY')
  const reach = outside ? await probeProduct(target, new URL(target.baseUrl).origin, target.hosts ?? {}) : undefined
  return {
    target,
    targetFile,
    failure: failureOf(error),
    ...(reach ? { reach } : {}),
    nobody: [],
    login: [],
    stray: [],
    hops: [],
    log: [],
  }
}

function failureOf({ code, message, fix, place }: HarnessError): NonNullable<Evidence['failure']> {
  return { code, message, fix, path: place.path ?? '' }
}
