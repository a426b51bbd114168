import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FullConfig } from 'playwright/test'
import { explain, HarnessError } from '#core/errors.ts'
import { unwritable } from '#core/unwritable.ts'
import { readTargetFile, type TargetFile } from '#fixtures/target-file.ts'
import { CAST_URL, chosen, driverContext } from './bench.ts'
import { findBrowser } from './browser.ts'
import { calibrate } from './calibration.ts'
import { serveCast } from './cast-server.ts'
import { ENGINE, engineOf, openEngine } from './engine.ts'
import { initialRecord, onStage } from './initial-record.ts'
import { loadDriver } from './load-driver.ts'
import { type OpenRun, openRun } from './open-run.ts'
import { loadPlan } from './plans.ts'
import { makeRunFolder, savedRecord, saveFailure, saveRecord } from './run-folder.ts'

const HOUSE = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** The folder of the run that this process opens; the environment hands it to workers and reporters. */
export const RUN_DIR = 'HOSPICERT_RUN_DIR'

/**
 * Before the first test: the target file is read, the run record opens, the simulators and the product start, the driver is
 * calibrated. What goes wrong here is written into the record as a failure and ends the run: nothing has been judged.
 */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  try {
    const targetFile = readTargetFile(process.env['HOSPICERT_TARGET'] ?? join(HOUSE, 'targets/reference/dpi.target.json'))
    const folder = process.env[RUN_DIR] ?? makeRunFolder(join(HOUSE, 'out'), targetFile.target.id)
    process.env[RUN_DIR] = folder
    return await raise(targetFile, folder, config.workers)
  } catch (error) {
    throw told(error)
  }
}

/** Opens the run, and returns what closes it. */
async function raise(targetFile: TargetFile, folder: string, workers: number): Promise<() => Promise<void>> {
  const { target, file } = targetFile
  const plan = await loadPlan(target.role, target)
  let record = initialRecord({ id: folder.split(/[\\/]/).at(-1) ?? '', plan, selected: chosen(plan).length, targetFile, workers })
  const save = (next: typeof record) => {
    record = next
    saveRecord(folder, next)
  }
  save(record)
  let run: OpenRun | undefined
  try {
    const engine = engineOf(process.env[ENGINE])
    const browser = engine === 'browser' ? await findBrowser(join(HOUSE, 'out')) : undefined
    run = await openRun({ target, targetFile: file, folder, pki: join(HOUSE, 'out/pki'), engine, browser })
    save(onStage(record, run.facts))
    const driver = await loadDriver(target, file)
    const calibrator = await openEngine(engine, { hosts: run.facts.hosts, folder: join(HOUSE, 'out'), found: browser })
    try {
      save({ ...record, environment: { ...record.environment, browserVersion: calibrator.browser.version() } })
      save({ ...record, calibration: await calibrate(run.cast, calibrator.browser, driver, driverContext(run.facts)) })
    } finally {
      await calibrator.close()
    }
    const server = await serveCast(run.cast)
    process.env[CAST_URL] = server.url
    const { close, stage } = run
    return async () => {
      await server.close()
      await close()
      const trouble = stage.files.trouble()
      if (!trouble) return
      saveFailure(folder, savedRecord(folder), trouble)
      throw told(trouble)
    }
  } catch (error) {
    await run?.close()
    const placed = inFile(error, file, folder)
    saveFailure(folder, record, placed)
    throw placed
  }
}

/** A setting without a file is one of the target file, unless it is a variable of the environment; a full disk is told as such. */
function inFile(error: unknown, file: string, folder: string): unknown {
  const { code = '', path = folder } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (['ENOSPC', 'EDQUOT', 'EROFS'].includes(code)) return unwritable(path, error)
  if (!(error instanceof HarnessError) || error.place.file || !error.place.path || /^[A-Z_]+$/.test(error.place.path)) return error
  const { message, fix, place, cause } = error
  return new HarnessError(error.code, message, { fix, place: { ...place, file }, cause })
}

/** Playwright hands on an error's message and nothing else: the place and what to do go into it. */
function told(error: unknown): unknown {
  return error instanceof HarnessError ? new HarnessError(error.code, explain(error), { cause: error }) : error
}
