import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { RunRecord } from '#core/record.ts'
import { registers } from '#fixtures/load.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { explainFailure } from '#reports/failure.ts'
import { openRecorder, readRecord } from '#reports/record.ts'
import { summaryJson } from '#reports/summary-json.ts'
import { MODULES } from '#suites/bench.ts'
import { findBrowser } from '#suites/browser.ts'
import { ENGINE, type EngineName, engineOf } from '#suites/engine.ts'
import { RUN_DIR } from '#suites/global-setup.ts'
import { loadPlan, select } from '#suites/plans.ts'
import { makeRunFolder } from '#suites/run-folder.ts'
import { printList } from './list.ts'
import type { Command } from './main.ts'
import { allureOf, count, parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

/** The folder that the program stands in. */
export const HOUSE = resolve(import.meta.dirname, '..')

export const command: Command = {
  summary: `certifie un produit : --target <fichier> (par défaut la référence), --module <id ou motif>, --workers <n>,
--engine browser|http (http : sans navigateur, bien plus vite, pour un produit dont les pages se lisent sans script),
--list, --json, --allure 2|3, --trace. Code de sortie : 0 rien de non conforme, 1 au moins un, 2 à compléter, 3 configuration.`,
  async run(args) {
    const { values } = parseOptions(args, {
      target: { type: 'string' },
      module: { type: 'string', multiple: true },
      workers: { type: 'string' },
      list: { type: 'boolean' },
      json: { type: 'boolean' },
      allure: { type: 'string' },
      trace: { type: 'boolean' },
      engine: { type: 'string' },
    })
    const { target } = readTargetFile(values.target ?? join(HOUSE, 'targets/reference/dpi.target.json'))
    const allure = allureOf(values.allure)
    const workers = count(values.workers, 'workers', 2)
    const patterns = (values.module ?? []).flatMap((pattern) => pattern.split(','))
    const units = select(await loadPlan(target.role, target), patterns)
    if (values.list) return printList(units, values.json === true)
    const engine = engineOf(values.engine ?? process.env[ENGINE])
    if (engine === 'browser') await findBrowser(join(HOUSE, 'out'))
    const folder = await runPlan({
      ...(values.target ? { target: values.target } : {}),
      patterns,
      workers,
      engine,
      quiet: values.json === true,
      trace: values.trace === true,
    })
    const record = readRecord(folder)
    if (record.failure && record.units.length === 0) return failed(record, folder, values.json === true)
    return publishRun(folder, { allure, json: values.json === true })
  },
}

/**
 * Runs the plan as Playwright's own runner would, and returns the folder of the run. Its record is closed, however the runner ended.
 * @throws HarnessError `RUN_UNREADABLE`, `DISK_UNWRITABLE`
 */
export async function runPlan(options: {
  readonly target?: string
  readonly patterns: readonly string[]
  readonly workers: number
  /** The browser unless told. */
  readonly engine?: EngineName
  readonly quiet?: boolean
  readonly trace?: boolean
  readonly env?: Readonly<Record<string, string>>
}): Promise<string> {
  const { target } = readTargetFile(options.target ?? join(HOUSE, 'targets/reference/dpi.target.json'))
  const folder = makeRunFolder(join(HOUSE, 'out'), target.id)
  const runner = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js')
  let interrupted = false
  const signal = await new Promise<NodeJS.Signals | null>((done) => {
    const child = spawn(process.execPath, [runner, 'test', '--config', join(HOUSE, 'playwright.config.ts')], {
      cwd: HOUSE,
      // With --json, standard output is for the summary alone.
      stdio: ['inherit', options.quiet ? 2 : 'inherit', 'inherit'],
      env: {
        ...process.env,
        ...options.env,
        ...(options.target ? { HOSPICERT_TARGET: resolve(options.target) } : {}),
        [RUN_DIR]: folder,
        [MODULES]: options.patterns.join(','),
        HOSPICERT_WORKERS: String(options.workers),
        HOSPICERT_BY_CLI: '1',
        ...(options.engine ? { [ENGINE]: options.engine } : {}),
        ...(options.trace ? { HOSPICERT_TRACE: 'on' } : {}),
      },
    })
    // Interrupted: the runner stops by itself and the record is closed; the reports of what was judged follow.
    const heard = () => {
      if (!interrupted) console.error("\nInterruption : les épreuves en cours s'arrêtent, les rapports de ce qui est jugé suivent.")
      interrupted = true
    }
    const hand = () => {
      if (!interrupted) child.kill('SIGINT')
      heard()
    }
    process.on('SIGINT', heard).on('SIGTERM', hand)
    child.on('exit', (_, killedBy) => {
      process.off('SIGINT', heard)
      // An interruption comes a second time by the process above us: it must not cost the reports.
      if (!interrupted) process.off('SIGTERM', hand)
      done(killedBy)
    })
  })
  if (!existsSync(join(folder, 'run.json'))) {
    throw new HarnessError('RUN_UNREADABLE', `Le passage n'a pas pu commencer : ${folder} ne contient pas run.json.`, {
      fix: 'Lisez les messages ci-dessus.',
    })
  }
  close(folder, interrupted, signal)
  return folder
}

/** A runner that was killed left the record open. */
function close(folder: string, interrupted: boolean, signal: NodeJS.Signals | null): void {
  const recorder = openRecorder(folder)
  if (recorder.current().status !== 'running') return
  if (interrupted) {
    recorder.finish('interrupted')
    return
  }
  const how = signal ? ` (${signal})` : ''
  const message = `Le processus qui menait l'exécution s'est arrêté avant la fin${how}. Ce qui était jugé est conservé.`
  recorder.set({ failure: { code: 'INTERNAL', message, fix: 'Vérifiez la mémoire et le disque de la machine, puis relancez.', place: '' } })
  recorder.finish('failed')
}

/** A run that came to a stop before anything was judged: no report, but why. */
function failed(record: RunRecord, folder: string, json: boolean): number {
  console.error(explainFailure(record, folder))
  if (json) console.log(JSON.stringify(summaryJson(folder, record, registers(), { files: [], problems: [] }), null, 2))
  return 3
}
