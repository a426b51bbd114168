import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { RunRecord } from '#core/record.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { readRecord } from '#reports/record.ts'
import { MODULES } from '#suites/bench.ts'
import { findBrowser } from '#suites/browser.ts'
import { RUN_DIR, runName } from '#suites/global-setup.ts'
import { loadPlan, select } from '#suites/plans.ts'
import { printList } from './list.ts'
import type { Command } from './main.ts'
import { count, parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

/** The folder that the program stands in. */
export const HOUSE = resolve(import.meta.dirname, '..')

export const command: Command = {
  summary: `certifie un produit : --target <fichier> (par défaut la référence), --module <id ou motif>, --workers <n>,
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
    })
    const { target } = readTargetFile(values.target ?? join(HOUSE, 'targets/reference/dpi.target.json'))
    const patterns = (values.module ?? []).flatMap((pattern) => pattern.split(','))
    const units = select(await loadPlan(target.role), patterns)
    if (values.list) return printList(units, values.json === true)
    await findBrowser(join(HOUSE, 'out'))
    const folder = await runPlan({
      ...(values.target ? { target: values.target } : {}),
      patterns,
      workers: count(values.workers, 'workers', 2),
      quiet: values.json === true,
      trace: values.trace === true,
    })
    const record = readRecord(folder)
    if (record.failure) return failed(record, folder)
    return publishRun(folder, { allure: values.allure === '2' ? 2 : 3, json: values.json === true })
  },
}

/** Runs the plan as Playwright's own runner would, and returns the folder of the run. */
export async function runPlan(options: {
  readonly target?: string
  readonly patterns: readonly string[]
  readonly workers: number
  readonly quiet?: boolean
  readonly trace?: boolean
  readonly env?: Readonly<Record<string, string>>
}): Promise<string> {
  const { target } = readTargetFile(options.target ?? join(HOUSE, 'targets/reference/dpi.target.json'))
  const folder = join(HOUSE, 'out', runName(target.id))
  const runner = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js')
  await new Promise<void>((done) => {
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
        ...(options.trace ? { HOSPICERT_TRACE: 'on' } : {}),
      },
    })
    // Interrupted: the runner stops by itself and the record is closed; the reports of what was judged follow.
    const wait = () => {}
    process.on('SIGINT', wait)
    process.on('SIGTERM', () => child.kill('SIGINT'))
    child.on('exit', () => {
      process.off('SIGINT', wait)
      done()
    })
  })
  if (!existsSync(join(folder, 'run.json'))) {
    throw new HarnessError('RUN_UNREADABLE', `Le passage n'a pas pu commencer : ${folder} ne contient pas run.json.`, {
      fix: 'Lisez les messages ci-dessus.',
    })
  }
  return folder
}

function failed({ failure }: RunRecord, folder: string): number {
  if (!failure) return 3
  console.error(
    [failure.place && `Où : ${failure.place}`, failure.message, failure.fix && `À faire : ${failure.fix}`, `Passage : ${folder}`]
      .filter(Boolean)
      .join('\n'),
  )
  return 3
}
