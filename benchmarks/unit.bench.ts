import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { runPlan } from '#cli/certify.ts'
import type { Journal } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import type { RunRecord } from '#core/record.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { readRecord } from '#reports/record.ts'
import { driverContext } from '#suites/bench.ts'
import { findBrowser, launch } from '#suites/browser.ts'
import type { RunFacts } from '#suites/cast.ts'
import type { EngineName } from '#suites/engine.ts'
import { createHttpBrowser } from '#suites/http-engine/browser.ts'
import { loadDriver } from '#suites/load-driver.ts'
import { openRun } from '#suites/open-run.ts'
import { loadPlan } from '#suites/plans.ts'
import { runUnit } from '#suites/run-unit.ts'
import { type Counted, type Phases, phasesOf } from './phases.ts'

/**
 * What judging costs, as ratios in one run: a judged unit (fault, two looks, picture, journal, verdict) in the browser and over HTTP
 * against a bare Playwright login on the same product, interleaved; then the plan with both engines and 1 and 2 workers; whether twice
 * the units take twice the time; and the waits that the OpenID suite would impose for the same refusals.
 */
// The same browser wherever it runs; HOSPICERT_BROWSER chooses another.
process.env['HOSPICERT_BROWSER'] ??= 'paquet'
const HOUSE = join(import.meta.dirname, '..')
const ROUNDS = 15
/** HTTP units played between two bare logins: they are short, and their mean counts. */
const HTTP_UNITS = 8
const TARGETS = { unitToBare: 1.3, httpInBare: 8, twoWorkers: 1.4, linear: 1.2 } as const

const { target, file } = readTargetFile(join(HOUSE, 'targets/reference/dpi.target.json'))
const plan = await loadPlan('relying-party', target)
/** Refusals of the plain configuration that need no turn of their own: units of one shape. */
const refusals = plan.units.flatMap((unit) =>
  unit.kind !== 'rule' && unit.module.then.expect === 'refused' && unit.module.when.do === 'login' && !unit.module.exclusive && !unit.module.variant
    ? [unit.id]
    : [],
)

/** The least that signs somebody in: a profile, the page, two buttons, the name, nothing kept. */
async function bareLogin(browser: Browser, { baseUrl, means }: RunFacts, needle: string): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'fr-FR', viewport: { width: 1024, height: 640 } })
  const page = await context.newPage()
  await page.goto(baseUrl)
  await page.getByRole('link', { name: 'Se connecter avec Pro Santé Connect' }).click()
  await page.getByLabel('Professionnel').selectOption('canari')
  await page.getByRole('button', { name: means.card, exact: true }).click()
  await page.getByText(needle).first().waitFor()
  await context.close()
}

async function compare(): Promise<{ bare: number; judged: number; http: number; phases: Phases }> {
  const found = await findBrowser(join(HOUSE, 'out'))
  const run = await openRun({
    target,
    targetFile: file,
    folder: join(HOUSE, 'out/mesure'),
    pki: join(HOUSE, 'out/pki'),
    engine: 'browser',
    browser: found,
  })
  const browser = await launch(found, run.facts.hosts)
  const counted: Counted = { wireProduct: 0, wireProvider: 0, page: 0 }
  const product = new URL(run.facts.baseUrl).hostname
  const http = createHttpBrowser(run.facts.hosts, (what, host, milliseconds) => {
    counted[what === 'page' ? 'page' : host === product ? 'wireProduct' : 'wireProvider'] += milliseconds
  })
  const unit = plan.units.find(({ id }) => id === 'rp/id-token/wrong-audience')
  if (!unit || unit.kind === 'rule') throw new Error('the unit of this benchmark is gone')
  let journal: Journal = []
  const parts = { cast: run.cast, driver: await loadDriver(target, file), context: driverContext(run.facts), plan, worker: 0 }
  const play = async (engine: Browser, module: Module) => {
    const started = performance.now()
    const onJournal = (_: string, played: Journal) => {
      journal = played
    }
    const bench = { ...parts, browser: engine, onJournal }
    const { verdict, reason } = await runUnit(bench, 'module', module)
    if (verdict !== 'pass') throw new Error(`${verdict}: ${reason}`)
    return performance.now() - started
  }
  const times = { bare: [] as number[], judged: [] as number[], http: [] as number[] }
  const phases: Phases[] = []
  const needle = target.personas.canari?.needle ?? ''
  for (let round = -2; round < ROUNDS; round++) {
    const started = performance.now()
    await bareLogin(browser, run.facts, needle)
    const bare = performance.now() - started
    const judged = await play(browser, unit.module)
    const durations: number[] = []
    for (let turn = 0; turn < HTTP_UNITS; turn++) {
      Object.assign(counted, { wireProduct: 0, wireProvider: 0, page: 0 })
      const total = await play(http, unit.module)
      durations.push(total)
      if (round >= 0) phases.push(phasesOf(journal, counted, total))
    }
    // The first rounds warm up, and play the control.
    if (round < 0) continue
    times.bare.push(bare)
    times.judged.push(judged)
    times.http.push(durations.reduce((sum, duration) => sum + duration, 0) / HTTP_UNITS)
  }
  await browser.close()
  await http.close()
  await run.close()
  const typical = (name: keyof Phases) => median(phases.map((phase) => phase[name]))
  return {
    bare: median(times.bare),
    judged: median(times.judged),
    http: median(times.http),
    phases: {
      product: typical('product'),
      backChannel: typical('backChannel'),
      provider: typical('provider'),
      transport: typical('transport'),
      reading: typical('reading'),
      rest: typical('rest'),
    },
  }
}

async function playedBy(engine: EngineName, workers: number, patterns: readonly string[]): Promise<{ units: number; seconds: number }> {
  const { units }: RunRecord = readRecord(await runPlan({ patterns, workers, engine, quiet: true }))
  const played = units.filter(({ kind }) => kind !== 'rule')
  const starts = played.map(({ startedAt }) => Date.parse(startedAt))
  const ends = played.map(({ startedAt, duration }) => Date.parse(startedAt) + duration)
  return { units: played.length, seconds: (Math.max(...ends) - Math.min(...starts)) / 1000 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

const line = (name: string, value: string, goal = '') => console.log(`${name.padEnd(44)}${value.padEnd(22)}${goal}`.trimEnd())
const perSecond = ({ units, seconds }: { units: number; seconds: number }) => units / seconds
const rate = async (engine: EngineName, workers: number, patterns: readonly string[]) => perSecond(await playedBy(engine, workers, patterns))

const { bare, judged, http, phases } = await compare()
line('Connexion nue de Playwright', `${bare.toFixed(0)} ms`)
line('Unité jugée, navigateur', `${judged.toFixed(0)} ms`)
line('  rapport à la connexion nue', (judged / bare).toFixed(2), `cible ≤ ${TARGETS.unitToBare}`)
line('Unité jugée, moteur HTTP', `${http.toFixed(1)} ms`)
line('  unités HTTP dans une connexion nue', (bare / http).toFixed(1), `cible ≥ ${TARGETS.httpInBare}`)
console.log('\nOù va le temps d’une unité HTTP (médianes)')
line('  pages du produit', `${phases.product.toFixed(1)} ms`)
line('  jetons et UserInfo (simulateur)', `${phases.backChannel.toFixed(1)} ms`)
line('  pages du fournisseur (simulateur)', `${phases.provider.toFixed(1)} ms`)
line('  transport jusqu’au fournisseur', `${phases.transport.toFixed(1)} ms`)
line('  lecture des pages', `${phases.reading.toFixed(1)} ms`)
line('  recherche, journal, jugement', `${phases.rest.toFixed(1)} ms`)

// The browser is slow: a fifth of the refusals tells its rate as well.
const some = refusals.filter((_, index) => index % 5 === 0)
console.log(`\nUnités par seconde (navigateur : ${some.length} refus ; HTTP : ${refusals.length})`)
const browserOne = await rate('browser', 1, some)
const browserTwo = await rate('browser', 2, some)
line('  navigateur, 1 puis 2 processus', `${browserOne.toFixed(2)} puis ${browserTwo.toFixed(2)}`)
line('  rapport', (browserTwo / browserOne).toFixed(2), `cible ≥ ${TARGETS.twoWorkers}`)
const whole = await playedBy('http', 1, refusals)
const httpTwo = await rate('http', 2, refusals)
line('  moteur HTTP, 1 puis 2 processus', `${perSecond(whole).toFixed(1)} puis ${httpTwo.toFixed(1)}`)

const half = await playedBy(
  'http',
  1,
  refusals.filter((_, index) => index % 2 === 0),
)
const linear = whole.seconds / whole.units / (half.seconds / half.units)
console.log('\nLe temps du plan suit le nombre d’unités')
line(`  ${half.units} puis ${whole.units} unités`, `${half.seconds.toFixed(1)} s puis ${whole.seconds.toFixed(1)} s`)
line('  temps d’une unité, rapport', linear.toFixed(2), `cible ≤ ${TARGETS.linear}`)

const waits = JSON.parse(readFileSync(join(HOUSE, 'benchmarks/openid-suite-waits.json'), 'utf8')) as { silence: { seconds: number } }
const suite = JSON.parse(readFileSync(join(HOUSE, 'fixtures/oidf-rp.json'), 'utf8')) as { modules: { id: string; anchors: string[] }[] }
const negatives = suite.modules.filter(({ anchors }) => anchors.some((anchor) => anchor.startsWith('RPN-')))
console.log('\nLes attentes de la suite de la Fondation OpenID (réglages par défaut, sans compter les connexions)')
line(`  ses ${negatives.length} modules de refus`, `${negatives.length * waits.silence.seconds} s de silence`)
line(
  `  nos ${refusals.length} refus, à ${waits.silence.seconds} s chacun`,
  `${refusals.length * waits.silence.seconds} s`,
  `ici ${whole.seconds.toFixed(0)} s en tout`,
)

const reached =
  judged / bare <= TARGETS.unitToBare &&
  bare / http >= TARGETS.httpInBare &&
  browserTwo / browserOne >= TARGETS.twoWorkers &&
  linear <= TARGETS.linear
process.exitCode = reached ? 0 : 1
