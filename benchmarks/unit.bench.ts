import { join } from 'node:path'
import type { Browser } from 'playwright'
import { runPlan } from '#cli/certify.ts'
import type { RunRecord } from '#core/record.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { readRecord } from '#reports/record.ts'
import { driverContext } from '#suites/bench.ts'
import { findBrowser, launch } from '#suites/browser.ts'
import type { RunFacts } from '#suites/cast.ts'
import { loadDriver } from '#suites/load-driver.ts'
import { openRun } from '#suites/open-run.ts'
import { loadPlan } from '#suites/plans.ts'
import { runUnit } from '#suites/run-unit.ts'

/**
 * What judging costs, as ratios in one run: a judged unit (fault, two looks, picture, journal, verdict) against a bare Playwright login on
 * the same product, interleaved (target: at most 1.5); then the plan with 1 and 2 workers (target: at least 1.4 times the throughput).
 */
// The same browser wherever it runs; HOSPICERT_BROWSER chooses another.
process.env['HOSPICERT_BROWSER'] ??= 'paquet'
const HOUSE = join(import.meta.dirname, '..')
const ROUNDS = 15
const UNITS = ['rp/id-token/*', 'rp/authorization-response/*', 'rp/userinfo/*', 'rp/tolerance/*']

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

async function compare(): Promise<{ bare: number; judged: number }> {
  const { target, file } = readTargetFile(join(HOUSE, 'targets/reference/dpi.target.json'))
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
  const plan = await loadPlan('relying-party')
  const unit = plan.units.find(({ id }) => id === 'rp/id-token/wrong-audience')
  if (!unit || unit.kind === 'rule') throw new Error('the unit of this benchmark is gone')
  const bench = { cast: run.cast, browser, driver: await loadDriver(target, file), context: driverContext(run.facts), plan, worker: 0 }
  const times = { bare: [] as number[], judged: [] as number[] }
  const needle = target.personas.canari?.needle ?? ''
  for (let round = -2; round < ROUNDS; round++) {
    const started = performance.now()
    await bareLogin(browser, run.facts, needle)
    const between = performance.now()
    const { verdict, reason } = await runUnit(bench, unit.kind, unit.module)
    if (verdict !== 'pass') throw new Error(`${verdict}: ${reason}`)
    // The first rounds warm up, and play the control.
    if (round >= 0) {
      times.bare.push(between - started)
      times.judged.push(performance.now() - between)
    }
  }
  await browser.close()
  await run.close()
  return { bare: median(times.bare), judged: median(times.judged) }
}

/** Units per second from the start of the first to the end of the last. */
function throughput({ units }: RunRecord): number {
  const played = units.filter(({ kind }) => kind !== 'rule')
  const starts = played.map(({ startedAt }) => Date.parse(startedAt))
  const ends = played.map(({ startedAt, duration }) => Date.parse(startedAt) + duration)
  return played.length / ((Math.max(...ends) - Math.min(...starts)) / 1000)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

const { bare, judged } = await compare()
const one = throughput(readRecord(await runPlan({ patterns: UNITS, workers: 1, quiet: true })))
const two = throughput(readRecord(await runPlan({ patterns: UNITS, workers: 2, quiet: true })))
console.log(`Connexion nue de Playwright   ${bare.toFixed(0)} ms`)
console.log(`Unité jugée                   ${judged.toFixed(0)} ms`)
console.log(`  rapport                     ${(judged / bare).toFixed(2)}   cible ≤ 1,5`)
console.log(`Unités par seconde            ${one.toFixed(2)} avec 1 navigateur, ${two.toFixed(2)} avec 2`)
console.log(`  rapport                     ${(two / one).toFixed(2)}   cible ≥ 1,4`)
process.exitCode = judged / bare <= 1.5 && two / one >= 1.4 ? 0 : 1
