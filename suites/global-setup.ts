import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FullConfig } from 'playwright/test'
import { explain, HarnessError } from '#core/errors.ts'
import type { RunRecord } from '#core/record.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { CAST_URL, chosen, driverContext } from './bench.ts'
import { findBrowser, launch } from './browser.ts'
import { calibrate } from './calibration.ts'
import { serveCast } from './cast-server.ts'
import { initialRecord } from './initial-record.ts'
import { loadDriver, openRun } from './open-run.ts'
import { loadPlan } from './plans.ts'

const HOUSE = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** The folder of the run that this process opens; the environment hands it to workers and reporters. */
export const RUN_DIR = 'HOSPICERT_RUN_DIR'

/**
 * Before the first test: the target file is read, the simulators and the product start, the driver is calibrated, the run record
 * opens. What goes wrong here is written into the record as a failure and ends the run: nothing has been judged.
 */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  const { target, file, sha256 } = readTargetFile(process.env['HOSPICERT_TARGET'] ?? join(HOUSE, 'targets/reference/dpi.target.json'))
  const folder = process.env[RUN_DIR] ?? join(HOUSE, 'out', runName(target.id))
  process.env[RUN_DIR] = folder
  mkdirSync(folder, { recursive: true })
  const plan = await loadPlan(target.role)
  const browser = await findBrowser(join(HOUSE, 'out'))
  const run = await openRun({ target, targetFile: file, folder, pki: join(HOUSE, 'out/pki'), browser }).catch((error) => fail(folder, error))
  const common = { id: folder.split(/[\\/]/).at(-1) ?? '', plan, selected: chosen(plan).length, facts: run.facts, sha256, workers: config.workers }
  let record = initialRecord({ ...common, browserVersion: '' })
  try {
    const calibrator = await launch(browser, run.facts.hosts)
    try {
      record = initialRecord({ ...common, browserVersion: calibrator.version() })
      save(folder, record)
      const calibration = await calibrate(run.cast, calibrator, await loadDriver(target, file), driverContext(run.facts))
      record = { ...record, calibration }
      save(folder, record)
    } finally {
      await calibrator.close()
    }
    const server = await serveCast(run.cast)
    process.env[CAST_URL] = server.url
    return async () => {
      await server.close()
      await run.close()
    }
  } catch (error) {
    await run.close()
    return fail(folder, error, record)
  }
}

function fail(folder: string, error: unknown, record?: RunRecord): never {
  const harness = error instanceof HarnessError ? error : undefined
  const failure = {
    code: harness?.code ?? 'INTERNAL',
    message: harness?.message ?? explain(error),
    fix: harness?.fix ?? '',
    place: [harness?.place.file, harness?.place.path].filter(Boolean).join(' → '),
  }
  save(folder, { ...record, status: 'failed', endedAt: new Date().toISOString(), failure, verdict: 'error', exitCode: 3 })
  throw error
}

function save(folder: string, record: object): void {
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`)
}

export function runName(target: string, now = new Date()): string {
  return `${now.toISOString().slice(0, 19).replaceAll(/[:]/g, '').replace('T', '-')}-${target}`
}
