import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { readRecord } from '#reports/record.ts'
import { expectRefusal, HOUSE, hospicert, type Loose, listen, plainEnvironment, REFERENCE, room, start, until } from './spawn.test-data.ts'

/** A run that does not come to its end: what was judged stays, the product does not. */
const here = room()
afterAll(() => here.clean())
const TIMEOUT = { timeout: 180_000 }
const MODULES = 'rp/id-token/*'

/** The reference writes down its process, so that it can be looked for afterwards. */
function traced(name: string): string {
  return here.target(name, ({ start }: Loose) => {
    start.command = ['sh', '-c', `echo $$ > '${join(here.folder, name)}.pid'; exec node '${REFERENCE}'`]
  })
}

function productOf(name: string): number {
  return Number(readFileSync(join(here.folder, `${name}.pid`), 'utf8'))
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function goes(pid: number): Promise<boolean> {
  for (let left = 100; left > 0 && lives(pid); left--) await wait(100)
  return !lives(pid)
}

/** The first process that another one started. */
function childOf(parent: number): number {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return Number(processes.map((line) => line.trim().split(/\s+/)).find(([, of]) => of === String(parent))?.[0])
}

const REPORTS = ['dossier.docx', 'dossier.pdf', 'manifest.sha256', 'rapport.html']
const reportsIn = (folder: string) => readdirSync(folder).filter((name) => REPORTS.includes(name))

test('killed: the record stays readable, the product goes, the reports can be made afterwards', TIMEOUT, async () => {
  const { child, ended } = start(['certify', '--target', traced('killed'), '--module', MODULES])
  await until(child, ' 2/')
  expect(lives(productOf('killed'))).toBe(true)
  process.kill(-(child.pid as number), 'SIGKILL')
  await ended
  const [folder = ''] = here.runsOf('killed')
  const record = readRecord(folder)
  expect(record).toMatchObject({ status: 'running', verdict: 'inconclusive', exitCode: 2 })
  expect(record.units.length).toBeGreaterThanOrEqual(2)
  for (const { evidence } of record.units) expect(existsSync(join(folder, evidence.journal ?? ''))).toBe(true)
  expect(await goes(productOf('killed'))).toBe(true)

  const report = await hospicert(['report', folder])
  expect(report).toMatchObject({ code: 2, said: expect.stringContaining('Exécution inachevée') })
  expect(reportsIn(folder)).toEqual(REPORTS)
})

test('interrupted from the terminal: the reports of what was judged, code 2, nothing left behind', TIMEOUT, async () => {
  const { child, ended } = start(['certify', '--target', traced('interrupted'), '--module', MODULES])
  await until(child, ' 2/')
  process.kill(-(child.pid as number), 'SIGINT')
  const { code, said } = await ended
  expect(code).toBe(2)
  expect(said.match(/Interruption : /g)).toHaveLength(1)
  expect(said).toMatch(/Exécution interrompue : \d+ épreuves jugées sur \d+ : conforme \d+\n/)
  expect(said).not.toMatch(/erreur du banc|^\s+at |Error/m)
  const [folder = ''] = here.runsOf('interrupted')
  const record = readRecord(folder)
  expect(record).toMatchObject({ status: 'interrupted', exitCode: 2 })
  expect(record.units.length).toBeLessThan(record.plan.selected)
  expect(reportsIn(folder)).toEqual(REPORTS)
  expect(await goes(productOf('interrupted'))).toBe(true)
})

test('interrupted by a supervisor, while the run opens', TIMEOUT, async () => {
  const { child, ended } = start(['certify', '--target', traced('supervised'), '--module', MODULES])
  while (!existsSync(join(here.folder, 'supervised.pid'))) await wait(50)
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 2, said: expect.stringContaining('Exécution interrompue : 0 épreuve jugée') })
  expect(readRecord(here.runsOf('supervised')[0] ?? '')).toMatchObject({ status: 'interrupted', units: [] })
  expect(await goes(productOf('supervised'))).toBe(true)
})

test('the runner is killed under the command line: a failure, code 3, the reports of what was judged', TIMEOUT, async () => {
  const { child, ended } = start(['certify', '--target', traced('runner'), '--module', MODULES])
  await until(child, ' 2/')
  const runner = childOf(childOf(child.pid as number))
  process.kill(runner, 'SIGKILL')
  const { code, said } = await ended
  expect(code).toBe(3)
  expect(said).toMatch(/n'a pas pu aller à son terme : Le processus qui menait l'exécution s'est arrêté avant la fin \(SIGKILL\)/)
  const [folder = ''] = here.runsOf('runner')
  expect(readRecord(folder)).toMatchObject({ status: 'failed', exitCode: 3, failure: { code: 'INTERNAL' } })
  expect(readRecord(folder).units.length).toBeGreaterThanOrEqual(2)
  expect(reportsIn(folder)).toEqual(REPORTS)
  expect(await goes(productOf('runner'))).toBe(true)
})

test.runIf(existsSync('/dev/full'))('a disk that refuses the journals: the run fails, what was judged stays', TIMEOUT, async () => {
  const folder = join(here.folder, 'passage')
  const journal = join(folder, 'journaux/rp.login.nominal.jsonl')
  mkdirSync(dirname(journal), { recursive: true })
  symlinkSync('/dev/full', journal)
  const runner = createRequire(import.meta.url)
    .resolve('playwright/package.json')
    .replace('package.json', 'cli.js')
  const ended = await listen(
    spawn(process.execPath, [runner, 'test'], {
      cwd: HOUSE,
      env: {
        ...plainEnvironment(),
        HOSPICERT_TARGET: here.target('disk'),
        HOSPICERT_RUN_DIR: folder,
        HOSPICERT_MODULES: 'rp/login/nominal',
      },
    }),
  )
  // Playwright knows no other code than 1.
  expectRefusal({ ...ended, code: 3 }, journal, /n'a pas pu être écrit : le disque est plein/)
  expect(readRecord(folder)).toMatchObject({
    status: 'failed',
    exitCode: 3,
    failure: { code: 'DISK_UNWRITABLE', place: journal },
    units: [{ id: 'rp/login/nominal', verdict: 'pass' }],
  })
})
