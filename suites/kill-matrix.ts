import { join } from 'node:path'
import type { Journal } from '#core/journal.ts'
import { described, type Plan, type Unit } from '#core/plan.ts'
import type { Verdict } from '#core/verdict.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { type Agreement, createComparison } from './agreement.ts'
import { driverContext } from './bench.ts'
import { findBrowser } from './browser.ts'
import { calibrate } from './calibration.ts'
import type { Cast } from './cast.ts'
import { type Engine, type EngineName, openEngine } from './engine.ts'
import { loadDriver } from './load-driver.ts'
import { openRun } from './open-run.ts'
import { loadPlan } from './plans.ts'
import { type Build, REFERENCES, type Reference } from './references.ts'
import { runRule } from './run-rule.ts'
import { type Bench, runUnit } from './run-unit.ts'

/** Defects that no refusal module may let pass: silence is no refusal, and refusing everybody is no judgement. */
export const UNIVERSAL = ['never-answers', 'always-refuses'] as const

/** What the suite is worth: who kills what, and whom it accuses wrongly. */
export interface KillMatrix extends Agreement {
  readonly defects: readonly { readonly reference: string; readonly id: string; readonly title: string; readonly killedBy: readonly string[] }[]
  readonly units: readonly { readonly id: string; readonly kind: string; readonly kills: readonly string[]; readonly claims: readonly string[] }[]
  /** Defects of a reference that no unit of this plan claims yet; they prove nothing and are not counted. */
  readonly unclaimed: readonly string[]
  /** Units that do not pass on an honest reference. */
  readonly accusations: readonly { readonly reference: string; readonly unit: string; readonly verdict: Verdict; readonly reason: string }[]
  /** Refusal modules that passed on a universal defect: must be empty. */
  readonly universal: readonly { readonly reference: string; readonly id: string; readonly judged: number; readonly passed: readonly string[] }[]
  /** Claims (`catches`) that were not kept, with what was seen instead. */
  readonly broken: readonly Broken[]
  /** The engines that played; the verdicts of the first make the matrix. */
  readonly engines: readonly EngineName[]
  readonly seconds: number
}

interface Broken {
  readonly reference: string
  readonly unit: string
  readonly defect: string
  readonly verdict: Verdict
  readonly reason: string
}

export interface KillOptions {
  readonly house: string
  /** Scenes at a time. */
  readonly workers: number
  /** The verdicts of the first make the matrix; a second one must agree. A reference that needs rendering is played in the browser alone. */
  readonly engines: readonly EngineName[]
  /** The second engine plays a share only: a third of the honest build that shows the defects, a ninth of the others, and one unit a defect. */
  readonly sample?: boolean
  readonly references: readonly Reference[]
  /** Every unit against every defect, instead of those that claim it. */
  readonly full: boolean
  /** Only these defects, and the units that claim them. */
  readonly only?: (defect: string) => boolean
  readonly onProgress?: (done: number, total: number, what: string) => void
}

interface Job {
  readonly world: string
  readonly cookie?: string
  readonly units: readonly Unit[]
  readonly timeout?: number
  readonly then: (results: Results) => void
}
type Results = ReadonlyMap<string, { readonly verdict: Verdict; readonly reason: string }>
interface PlayedJob extends Job {
  readonly engine: EngineName
}

/** Units of an honest reference that one lane plays in a row. */
const PORTION = 12
/** One refusal in so many meets the universal defects of a further reference, in a sample. */
const UNIVERSAL_SHARE = 10
/** Scenes at a product that answers nothing only wait: more of them at a time than there are workers. */
const SILENT_LANES: Readonly<Record<EngineName, number>> = { http: 16, browser: 6 }

/** Plays the plan against honest references and against each defect. */
export async function killMatrix(options: KillOptions): Promise<KillMatrix> {
  const started = Date.now()
  const parts: Omit<KillMatrix, 'units' | 'seconds'>[] = []
  const units = new Map<string, KillMatrix['units'][number]>()
  for (const reference of options.references) {
    const played = await onReference(reference, options)
    parts.push(played)
    for (const unit of played.units) units.set(unit.id, { ...unit, kills: [...new Set([...(units.get(unit.id)?.kills ?? []), ...unit.kills])] })
  }
  return {
    defects: parts.flatMap(({ defects }) => defects),
    // In a part of the matrix, a unit that claims nothing of that part is not idle.
    units: [...units.values()].filter(({ claims }) => options.references.length === REFERENCES.length || claims.some((id) => wasPlayed(parts, id))),
    unclaimed: [...new Set(parts.flatMap(({ unclaimed }) => unclaimed))],
    accusations: parts.flatMap(({ accusations }) => accusations),
    universal: parts.flatMap(({ universal }) => universal),
    broken: parts.flatMap(({ broken }) => broken),
    engines: options.engines,
    compared: parts.reduce((sum, { compared }) => sum + compared, 0),
    disagreements: parts.flatMap(({ disagreements }) => disagreements),
    seconds: Math.round((Date.now() - started) / 1000),
  }
}

async function onReference(reference: Reference, options: KillOptions): Promise<Omit<KillMatrix, 'seconds'>> {
  const only = options.only ?? (() => true)
  const whole = await loadPlan('relying-party', readTargetFile(join(options.house, reference.target)).target)
  const claimants = (id: string) => whole.units.filter((unit) => described(unit).catches.includes(id))
  const chosen = Object.keys(reference.defects).filter((id) => !isUniversal(id) && only(id))
  const wanted = chosen.filter((id) => options.full || claimants(id).length > 0)
  const universals = UNIVERSAL.filter((id) => id in reference.defects && only(id))
  const asked = options.only ? whole.units.filter((unit) => described(unit).catches.some(only)) : whole.units
  const kills = new Map<string, Set<string>>()
  const accusations: KillMatrix['accusations'][number][] = []
  const universal: KillMatrix['universal'][number][] = []
  const broken: Broken[] = []
  const kill = (defect: string, unit: string) => void kills.set(defect, (kills.get(defect) ?? new Set()).add(unit))
  const honest = ({ id }: Build): Job[] =>
    portions(asked).map((units) => ({
      world: id,
      units,
      // What the target file says, with its reason, that this reference does not have is not asked of it.
      then: (results) => {
        for (const [unit, { verdict, reason }] of results)
          if (verdict !== 'pass' && verdict !== 'inapplicable') accusations.push({ reference: id, unit, verdict, reason })
      },
    }))
  const refusals = whole.units.filter((unit) => unit.kind !== 'rule' && unit.module.then.expect === 'refused')
  // In a sample, all refusals meet the universal defects of the first reference, and a share of them those of the others.
  const spared = options.sample === true && !options.only && reference.id !== options.references[0]?.id
  const shown = refusals.filter((_, index) => !spared || index % UNIVERSAL_SHARE === 0)
  const [first, ...others] = reference.builds
  const jobs: Job[] = [
    ...honest(first),
    ...universals.flatMap((id) =>
      portions([...new Set([...shown, ...claimants(id).filter(({ kind }) => kind !== 'rule')])]).map(
        (units): Job => ({
          world: id,
          cookie: id,
          units,
          timeout: 1500,
          then: (results) => {
            const judged = [...results].filter(([unit, { verdict }]) => verdict !== 'inapplicable' && refusals.some((refusal) => refusal.id === unit))
            const passed = judged.filter(([, { verdict }]) => verdict === 'pass').map(([unit]) => unit)
            const known = universal.find((one) => one.id === id)
            const sum = { reference: reference.id, id, judged: (known?.judged ?? 0) + judged.length, passed: [...(known?.passed ?? []), ...passed] }
            universal.splice(known ? universal.indexOf(known) : universal.length, 1, sum)
            for (const [unit, { verdict }] of results) if (verdict === 'fail') kill(id, unit)
          },
        }),
      ),
    ),
    ...wanted.flatMap((id) =>
      portions(options.full ? whole.units : claimants(id), options.full ? PORTION : 1).map(
        (units): Job => ({
          world: id,
          cookie: id,
          units,
          then: (results) => {
            for (const [unit, { verdict, reason }] of results) {
              if (verdict === 'fail' || verdict === 'warning') kill(id, unit)
              else if (verdict !== 'inapplicable' && claimants(id).some((claimant) => claimant.id === unit))
                broken.push({ reference: reference.id, unit, defect: id, verdict, reason })
            }
          },
        }),
      ),
    ),
  ]
  const engines: readonly EngineName[] = reference.rendering ? ['browser'] : options.engines
  const comparison = createComparison()
  const sampled = (options.sample ?? false) && !options.only
  const share = createShare(first)
  const onEngines = (planned: readonly Job[]): PlayedJob[] =>
    engines.flatMap((engine, index) =>
      planned.map((job) => ({
        ...job,
        units: index > 0 && sampled ? share(job) : job.units,
        engine,
        then(results: Results) {
          if (index === 0) job.then(results)
          for (const [unit, result] of results) comparison.tell(job.world, unit, { engine, ...result })
        },
      })),
    )
  await playAll(onEngines(jobs), whole, reference, first, engines, options)
  for (const build of others) await playAll(onEngines(honest(build)), whole, reference, build, engines, options)
  return {
    defects: wanted.map((id) => ({ reference: reference.id, id, title: reference.defects[id] ?? '', killedBy: [...(kills.get(id) ?? [])] })),
    units: asked.map((unit) => ({
      id: unit.id,
      kind: unit.kind,
      kills: [...wanted, ...universals].filter((id) => kills.get(id)?.has(unit.id)),
      claims: described(unit).catches,
    })),
    unclaimed: chosen.filter((id) => !wanted.includes(id)),
    accusations,
    universal,
    broken,
    engines,
    ...comparison.conclude(engines, sampled),
  }
}

/** Rules come first and together: they are judged on scenes of their own. What must be alone stands apart from what need not. */
function portions(units: readonly Unit[], size = PORTION): Unit[][] {
  const rules = units.filter(({ kind }) => kind === 'rule')
  const scenes = units.filter(({ kind }) => kind !== 'rule')
  const cut = (some: readonly Unit[]) =>
    Array.from({ length: Math.ceil(some.length / size) }, (_, index) => some.slice(index * size, (index + 1) * size))
  return [rules, ...cut(scenes.filter((unit) => !isAlone(unit))), ...cut(scenes.filter(isAlone))].filter(({ length }) => length > 0)
}

/** Nothing else runs beside it: whoever waits for it does nothing meanwhile. */
function isAlone(unit: Unit): boolean {
  return unit.kind !== 'rule' && unit.module.exclusive === 'simulator'
}

function wasPlayed(parts: readonly Pick<KillMatrix, 'defects' | 'universal'>[], defect: string): boolean {
  return parts.some(({ defects, universal }) => [...defects, ...universal].some(({ id }) => id === defect))
}

/** What the second engine plays of the jobs of a defect, or of another build, when it plays a share. */
function createShare({ id }: Build): (job: Job) => readonly Unit[] {
  const played = new Map<string, number>()
  return ({ units, cookie, world, timeout }) => {
    if (cookie === undefined) return units.filter((_, index) => index % (world === id ? 3 : 9) === 0)
    if (timeout !== undefined) return units.slice(0, 2)
    const before = played.get(world) ?? 0
    const mine = units.slice(0, Math.max(0, 1 - before))
    played.set(world, before + mine.length)
    return mine
  }
}

function isUniversal(id: string): boolean {
  return (UNIVERSAL as readonly string[]).includes(id)
}

async function playAll(
  jobs: readonly PlayedJob[],
  plan: Plan,
  reference: Reference,
  build: Build,
  names: readonly EngineName[],
  options: KillOptions,
): Promise<void> {
  const { target, file } = readTargetFile(join(options.house, reference.target))
  // Some four hundred scenes: the packaged headless shell plays them two to three times faster than an installed browser.
  const found = names.includes('browser') ? await findBrowser(join(options.house, 'out'), process.env, 'packaged') : undefined
  const folder = join(options.house, 'out', `kill-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}-${build.id}`)
  const run = await openRun({
    target,
    targetFile: file,
    folder,
    pki: join(options.house, 'out/pki'),
    engine: names[0] ?? 'http',
    browser: found,
    env: { ...reference.env, ...build.env },
  })
  const engines = new Map<EngineName, Engine>()
  try {
    for (const name of names) engines.set(name, await openEngine(name, { hosts: run.facts.hosts, folder: join(options.house, 'out'), found }))
    const driver = await loadDriver(target, file)
    for (const { browser } of engines.values()) await calibrate(run.cast, browser, driver, driverContext(run.facts))
    const total = jobs.reduce((sum, { units }) => sum + units.length, 0)
    let done = 0
    const tell = (what: string) => options.onProgress?.(++done, total, what)
    const parts = { cast: run.cast, driver, plan, defectCookie: reference.cookie }
    // One after the other: a browser is slow enough without others beside it.
    for (const [name, silent] of names.flatMap((name) => [[name, false] as const, [name, true] as const])) {
      const mine = jobs.filter(({ engine, timeout }) => engine === name && (timeout !== undefined) === silent)
      const isLast = ({ units }: Job) => units.some(isAlone)
      const queue = [...mine.filter((job) => !isLast(job)), ...mine.filter(isLast)]
      const lane = async (worker: number): Promise<void> => {
        for (let job = queue.shift(); job; job = queue.shift()) await playJob(job, { ...parts, ...playerOf(engines.get(job.engine)), worker }, tell)
      }
      const lanes = silent ? Math.max(SILENT_LANES[name], options.workers) : options.workers
      await Promise.all(Array.from({ length: lanes }, (_, worker) => lane(worker)))
    }
  } finally {
    for (const engine of engines.values()) await engine.close()
    await run.close()
  }
}

type Player = Pick<Bench, 'browser' | 'rendered'>

function playerOf(engine: Engine | undefined): Player {
  if (!engine) throw new Error('no such engine')
  return { browser: engine.browser, ...(engine.rendered ? { rendered: engine.rendered } : {}) }
}

async function playJob(
  job: PlayedJob,
  { defectCookie, ...parts }: Player & { cast: Cast; driver: Bench['driver']; worker: number; plan: Plan; defectCookie: string },
  tell: (what: string) => void,
): Promise<void> {
  const facts = { ...parts.cast.facts, ...(job.timeout ? { timeout: job.timeout } : {}) }
  const journals = new Map<string, Journal>()
  const bench: Bench = {
    ...parts,
    cast: { ...parts.cast, facts },
    context: driverContext(facts),
    world: `${job.world}-${job.engine}`,
    pictures: false,
    onJournal: (unit, journal) => void journals.set(unit, journal),
    ...(job.cookie ? { cookies: [{ name: defectCookie, value: job.cookie }] } : {}),
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
    const wanted = rules.flatMap(({ rule }) => rule.scenes ?? [])
    for (const id of new Set(['rp/login/nominal', 'rp/login/e-cps', ...wanted])) {
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
