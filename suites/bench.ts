import { fileURLToPath } from 'node:url'
import { test as base, type TestInfo } from 'playwright/test'
import type { DriverContext } from '#core/driver.ts'
import { matches, type Plan } from '#core/plan.ts'
import type { UnitRecord } from '#core/record.ts'
import type { PersonaId } from '#core/requirement.ts'
import type { Target } from '#core/target.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import type { RunFacts } from './cast.ts'
import { connectCast } from './cast-client.ts'
import { openEngine } from './engine.ts'
import { loadDriver } from './load-driver.ts'
import type { Bench } from './run-unit.ts'

/** The name under which a unit's record travels from a worker to the reporter. */
export const RECORD_ATTACHMENT = 'unit-record'

const OUT = fileURLToPath(new URL('../out', import.meta.url))

/** Environment by which the runner talks to its workers. */
export const CAST_URL = 'HOSPICERT_CAST'
export const MODULES = 'HOSPICERT_MODULES'

export function driverContext(facts: RunFacts): DriverContext {
  const needles = new Map(Object.entries(facts.target.personas).map(([id, settings]) => [id as PersonaId, settings?.needle ?? '']))
  return { baseUrl: facts.baseUrl, needles, timeout: facts.timeout, ...(facts.clientEnvironment ? { environment: facts.clientEnvironment } : {}) }
}

/** Playwright's `test` with what a unit needs: the cast, a browser, the target's driver. One browser a worker, one profile a scene. */
export const test = base.extend<object, { hospicert: Omit<Bench, 'plan'> }>({
  hospicert: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use, workerInfo) => {
      const cast = await connectCast(process.env[CAST_URL] ?? '')
      const { facts } = cast
      const { browser, rendered, close } = await openEngine(facts.engine, { hosts: facts.hosts, folder: OUT, found: facts.browser })
      const driver = await loadDriver(facts.target, facts.targetFile)
      await use({ cast, browser, ...(rendered ? { rendered } : {}), driver, context: driverContext(facts), worker: workerInfo.parallelIndex })
      await close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

/** Hands a record to the reporter, then lets the test have the outcome that Playwright knows. */
export async function conclude(record: UnitRecord, info: TestInfo): Promise<void> {
  await info.attach(RECORD_ATTACHMENT, { body: JSON.stringify(record), contentType: 'application/json' })
  for (const finding of record.findings) info.annotations.push({ type: finding.verdict, description: finding.observed })
  info.annotations.push({ type: 'verdict', description: record.verdict })
  if (record.verdict === 'inapplicable') test.skip(true, record.reason)
  if (['error', 'fail', 'inconclusive', 'review'].includes(record.verdict)) throw new Error(`${record.verdict} : ${record.reason}`)
}

const REFERENCE = fileURLToPath(new URL('../targets/reference/dpi.target.json', import.meta.url))

/** The target of this run, for its variants; undefined when its file cannot be read, of which the setup makes an error. */
export function targetOfRun(): Target | undefined {
  try {
    return readTargetFile(process.env['HOSPICERT_TARGET'] ?? REFERENCE).target
  } catch {
    return undefined
  }
}

/** The units that this run asks for (`--module`), of the whole plan. */
export function chosen(plan: Plan): Plan['units'] {
  const patterns = (process.env[MODULES] ?? '').split(',').filter(Boolean)
  return plan.units.filter(({ id }) => patterns.length === 0 || patterns.some((pattern) => matches(id, pattern)))
}
