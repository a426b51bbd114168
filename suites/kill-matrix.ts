import { join } from 'node:path'
import type { Browser } from 'playwright'
import type { Journal } from '#core/journal.ts'
import { described, type Plan, type Unit } from '#core/plan.ts'
import type { Verdict } from '#core/verdict.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { driverContext } from './bench.ts'
import { findBrowser, launch } from './browser.ts'
import { calibrate } from './calibration.ts'
import type { Cast } from './cast.ts'
import { loadDriver } from './load-driver.ts'
import { openRun } from './open-run.ts'
import { loadPlan } from './plans.ts'
import { runRule } from './run-rule.ts'
import { type Bench, runUnit } from './run-unit.ts'

/** The cookie by which one reference process shows a different defect to each browser. */
const DEFECT_COOKIE = 'dpi_defects'
/** Defects that no refusal module may let pass: silence is no refusal, and refusing everybody is no judgement. */
export const UNIVERSAL = ['never-answers', 'always-refuses'] as const

/** What the suite is worth: who kills what, and whom it accuses wrongly. */
export interface KillMatrix {
  readonly defects: readonly { readonly id: string; readonly title: string; readonly killedBy: readonly string[] }[]
  readonly units: readonly { readonly id: string; readonly kind: string; readonly kills: readonly string[]; readonly claims: readonly string[] }[]
  /** Defects of the reference that no unit of this plan claims yet; they prove nothing and are not counted. */
  readonly unclaimed: readonly string[]
  /** Units that do not pass on an honest reference. */
  readonly accusations: readonly { readonly reference: string; readonly unit: string; readonly verdict: Verdict; readonly reason: string }[]
  /** Refusal modules that passed on a universal defect: must be empty. */
  readonly universal: readonly { readonly id: string; readonly judged: number; readonly passed: readonly string[] }[]
  /** Claims (`catches`) that were not kept, with what was seen instead. */
  readonly broken: readonly { readonly unit: string; readonly defect: string; readonly verdict: Verdict; readonly reason: string }[]
  readonly seconds: number
}

export interface KillOptions {
  readonly house: string
  readonly workers: number
  /** Every unit against every defect, instead of those that claim it. */
  readonly full: boolean
  readonly defects: Readonly<Record<string, string>>
  readonly only?: (defect: string) => boolean
  readonly onProgress?: (done: number, total: number, what: string) => void
}

interface Job {
  readonly world: string
  readonly cookie?: string
  readonly units: readonly Unit[]
  readonly timeout?: number
  readonly then: (results: ReadonlyMap<string, { verdict: Verdict; reason: string }>) => void
}

/** Plays the plan against honest references and against each defect. */
export async function killMatrix(options: KillOptions): Promise<KillMatrix> {
  const started = Date.now()
  const plan = await loadPlan('relying-party', readTargetFile(join(options.house, 'targets/reference/dpi.target.json')).target)
  const chosen = Object.keys(options.defects).filter((id) => !isUniversal(id) && (options.only?.(id) ?? true))
  const wanted = chosen.filter((id) => options.full || plan.units.some((unit) => described(unit).catches.includes(id)))
  const kills = new Map<string, Set<string>>()
  const accusations: KillMatrix['accusations'][number][] = []
  const universal: KillMatrix['universal'][number][] = []
  const broken: KillMatrix['broken'][number][] = []
  const kill = (defect: string, unit: string) => void kills.set(defect, (kills.get(defect) ?? new Set()).add(unit))
  const accuse =
    (reference: string): Job['then'] =>
    (results) => {
      for (const [unit, { verdict, reason }] of results) if (verdict !== 'pass') accusations.push({ reference, unit, verdict, reason })
    }
  const refusals = plan.units.filter((unit) => unit.kind !== 'rule' && unit.module.then.expect === 'refused')
  const jobs: Job[] = [
    { world: 'openid-client', units: plan.units, then: accuse('openid-client') },
    ...UNIVERSAL.filter((id) => options.only?.(id) ?? true).map(
      (id): Job => ({
        world: id,
        cookie: id,
        units: [...refusals, ...plan.units.filter((unit) => unit.kind !== 'rule' && described(unit).catches.includes(id))],
        timeout: 1500,
        then: (results) => {
          const judged = [...results].filter(([unit]) => refusals.some((refusal) => refusal.id === unit))
          universal.push({ id, judged: judged.length, passed: judged.filter(([, { verdict }]) => verdict === 'pass').map(([unit]) => unit) })
          for (const [unit, { verdict }] of results) if (verdict === 'fail') kill(id, unit)
        },
      }),
    ),
    ...wanted.map((id): Job => {
      const claimants = plan.units.filter((unit) => described(unit).catches.includes(id))
      return {
        world: id,
        cookie: id,
        units: options.full ? plan.units : claimants,
        then: (results) => {
          for (const [unit, { verdict, reason }] of results) {
            if (verdict === 'fail' || verdict === 'warning') kill(id, unit)
            else if (claimants.some((claimant) => claimant.id === unit)) broken.push({ unit, defect: id, verdict, reason })
          }
        },
      }
    }),
  ]
  await playAll(jobs, plan, options, {})
  await playAll([{ world: 'handmade', units: plan.units, then: accuse('handmade') }], plan, options, { DPI_CONNECTOR: 'handmade' })
  const claimed = (unit: Unit) => described(unit).catches
  return {
    defects: wanted.map((id) => ({ id, title: options.defects[id] ?? '', killedBy: [...(kills.get(id) ?? [])] })),
    units: plan.units.map((unit) => ({
      id: unit.id,
      kind: unit.kind,
      kills: [...wanted, ...UNIVERSAL].filter((id) => kills.get(id)?.has(unit.id)),
      claims: claimed(unit),
    })),
    unclaimed: chosen.filter((id) => !wanted.includes(id)),
    accusations,
    universal,
    broken,
    seconds: Math.round((Date.now() - started) / 1000),
  }
}

function isUniversal(id: string): boolean {
  return (UNIVERSAL as readonly string[]).includes(id)
}

async function playAll(jobs: readonly Job[], plan: Plan, options: KillOptions, env: Readonly<Record<string, string>>): Promise<void> {
  const { target, file } = readTargetFile(join(options.house, 'targets/reference/dpi.target.json'))
  // Some four hundred scenes: the packaged headless shell plays them two to three times faster than an installed browser.
  const found = await findBrowser(join(options.house, 'out'), process.env, 'packaged')
  const folder = join(
    options.house,
    'out',
    `kill-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}${env['DPI_CONNECTOR'] ? '-handmade' : ''}`,
  )
  const run = await openRun({
    target,
    targetFile: file,
    folder,
    pki: join(options.house, 'out/pki'),
    browser: found,
    env: { DPI_DEFECTS: 'by-cookie', ...env },
  })
  const browser = await launch(found, run.facts.hosts)
  try {
    const driver = await loadDriver(target, file)
    await calibrate(run.cast, browser, driver, driverContext(run.facts))
    const total = jobs.reduce((sum, { units }) => sum + units.length, 0)
    let done = 0
    const tell = (what: string) => options.onProgress?.(++done, total, what)
    const queue = [...jobs]
    const lane = async (worker: number): Promise<void> => {
      for (let job = queue.shift(); job; job = queue.shift()) await playJob(job, { cast: run.cast, browser, driver, worker, plan }, tell)
    }
    await Promise.all(Array.from({ length: options.workers }, (_, worker) => lane(worker)))
  } finally {
    await browser.close()
    await run.close()
  }
}

async function playJob(
  job: Job,
  parts: { cast: Cast; browser: Browser; driver: Bench['driver']; worker: number; plan: Plan },
  tell: (what: string) => void,
): Promise<void> {
  const facts = { ...parts.cast.facts, ...(job.timeout ? { timeout: job.timeout } : {}) }
  const journals = new Map<string, Journal>()
  const bench: Bench = {
    ...parts,
    cast: { ...parts.cast, facts },
    context: driverContext(facts),
    world: job.world,
    pictures: false,
    onJournal: (unit, journal) => void journals.set(unit, journal),
    ...(job.cookie ? { cookies: [{ name: DEFECT_COOKIE, value: job.cookie }] } : {}),
  }
  const results = new Map<string, { verdict: Verdict; reason: string }>()
  for (const unit of job.units) {
    if (unit.kind === 'rule') continue
    results.set(unit.id, await runUnit(bench, unit.kind, unit.module))
    tell(`${job.world} × ${unit.id}`)
  }
  const rules = job.units.filter((unit) => unit.kind === 'rule')
  if (rules.length > 0) {
    // A rule needs something to look at: two logins of this world.
    for (const id of ['rp/login/nominal', 'rp/login/e-cps']) {
      const unit = parts.plan.units.find((candidate) => candidate.id === id)
      if (unit && unit.kind !== 'rule' && !journals.has(id)) await runUnit(bench, unit.kind, unit.module)
    }
    for (const unit of rules) {
      results.set(unit.id, runRule(unit.rule, journals, facts))
      tell(`${job.world} × ${unit.id}`)
    }
  }
  job.then(results)
}
