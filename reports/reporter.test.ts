import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunRecord } from '#core/record.ts'
import { exampleRecord } from './example.test-data.ts'
import { exampleUnit } from './example-units.test-data.ts'

const require = createRequire(import.meta.url)
const PLAYWRIGHT = pathToFileURL(require.resolve('playwright/test').replace(/\.js$/, '.mjs')).href
const CLI = join(dirname(require.resolve('playwright/package.json')), 'cli.js')
const REPORTER = fileURLToPath(new URL('./reporter.ts', import.meta.url))

let folder: string
let run: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reporter-'))
  run = join(folder, 'run')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A plan as the bench would have it: a global setup that opens the record, tests that attach records. */
function plan(tests: string, setup = '', selected = 2): void {
  const initial = exampleRecord([], { status: 'running', plan: { id: 'p', title: 'Plan', selected, total: 9 } })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'playwright.config.mjs'),
    `export default { testDir: '.', testMatch: '*.spec.mjs', workers: 1, timeout: 3000, globalSetup: './setup.mjs', reporter: [[${JSON.stringify(REPORTER)}]], outputDir: './out' }`,
  )
  writeFileSync(
    join(folder, 'setup.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs'
export default () => {
  process.env.HOSPICERT_RUN_DIR = ${JSON.stringify(run)}
  mkdirSync(process.env.HOSPICERT_RUN_DIR)
  writeFileSync(${JSON.stringify(join(run, 'run.json'))}, ${JSON.stringify(JSON.stringify(initial))})
  ${setup}
}`,
  )
  writeFileSync(
    join(folder, 'plan.spec.mjs'),
    `import { test } from ${JSON.stringify(PLAYWRIGHT)}
const give = (info, unit) => info.attach('unit-record', { body: JSON.stringify(unit), contentType: 'application/json' })
${tests}`,
  )
}

const unit = (id: string, verdict: 'pass' | 'fail' | 'inapplicable') =>
  JSON.stringify(exampleUnit({ id, verdict, title: `Titre ${id}`, reason: 'Motif.' }))

/** Plays the plan as the command line would; it is interrupted once it has said `at`. */
function play(at?: string): Promise<{ said: string; record: RunRecord }> {
  const env = { ...process.env, HOSPICERT_RUN_DIR: '', HOSPICERT_BY_CLI: '1', CI: '1', FORCE_COLOR: '0' }
  const child = spawn(process.execPath, [CLI, 'test', '--config', join(folder, 'playwright.config.mjs')], { cwd: folder, env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said += data
      if (at && said.includes(at)) child.kill('SIGINT')
    })
  }
  return new Promise((done) => child.on('exit', () => done({ said, record: JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunRecord })))
}

const verdicts = ({ units }: RunRecord) => units.map(({ id, verdict }) => [id, verdict])

test('records are collected whatever Playwright makes of the test', { timeout: 60_000 }, async () => {
  plan(
    `test('rp/a/pass — A', async ({}, info) => give(info, ${unit('rp/a/pass', 'pass')}))
test('rp/a/fail — B', async ({}, info) => { await give(info, ${unit('rp/a/fail', 'fail')}); throw new Error('fail') })
test('rp/a/none — C', async ({}, info) => { await give(info, ${unit('rp/a/none', 'inapplicable')}); test.skip(true, 'sans objet') })`,
    '',
    3,
  )
  const { said, record } = await play()
  expect(record).toMatchObject({ status: 'complete', verdict: 'fail', exitCode: 1 })
  expect(verdicts(record)).toEqual([
    ['rp/a/pass', 'pass'],
    ['rp/a/fail', 'fail'],
    ['rp/a/none', 'inapplicable'],
  ])
  const lines = said.trim().split('\n')
  expect(lines[0]).toMatch(/^HospiCert 0\.1\.0 — Plan/)
  expect(lines.filter((line) => line.startsWith('['))).toEqual([
    expect.stringContaining('[1/3] ✓ conforme'),
    expect.stringContaining('[2/3] ✗ non conforme'),
    expect.stringContaining('[3/3] – sans objet'),
  ])
  expect(said).not.toMatch(/Error: fail|passed|failed|skipped/)
})

test('a unit that leaves no record is our error, in French, with what was said', { timeout: 60_000 }, async () => {
  plan(
    `test('rp/a/throws — A', { annotation: { type: 'exigence', description: 'psc@2026-11/outage' } }, async () => { throw new Error('connect ECONNREFUSED 127.0.0.1') })
test('rp/a/slow#row — B', async () => { test.setTimeout(300); await new Promise(() => {}) })
test('rp/a/exit — C', async () => process.exit(9))
test('rp/a/skipped — D', async () => test.skip())
test('rp/a/garbled — E', async ({}, info) => info.attach('unit-record', { body: '{"id":', contentType: 'application/json' }))`,
    '',
    5,
  )
  const { record } = await play()
  expect(record).toMatchObject({ status: 'complete', verdict: 'error', exitCode: 3 })
  const reasons = new Map(record.units.map(({ id, reason }) => [id, reason]))
  expect(reasons.get('rp/a/throws')).toBe("Le simulateur ou le produit n'a pas répondu.")
  expect(reasons.get('rp/a/slow#row')).toMatch(/^L'épreuve a dépassé le temps/)
  expect(reasons.get('rp/a/exit')).toBe("Le processus qui menait l'épreuve s'est arrêté.")
  expect(reasons.get('rp/a/skipped')).toBe("L'épreuve n'a pas été jouée.")
  expect(reasons.get('rp/a/garbled')).toMatch(/erreur du banc/)
  expect(record.units.find(({ id }) => id === 'rp/a/throws')).toMatchObject({
    title: 'A',
    requirements: ['psc@2026-11/outage'],
    findings: [{ observed: expect.stringContaining('ECONNREFUSED') }],
  })
})

test('interrupted: what was judged stands, nothing else is invented', { timeout: 60_000 }, async () => {
  plan(
    `test('rp/a/pass — A', async ({}, info) => give(info, ${unit('rp/a/pass', 'pass')}))
test('rp/a/waits — B', async ({}, info) => {
  test.setTimeout(60_000)
  await give(info, ${unit('rp/a/waits', 'fail')})
  await new Promise((done) => setTimeout(done, 50_000))
})
test('rp/a/never — C', async () => {})`,
    '',
    3,
  )
  const { record } = await play('[1/3]')
  expect(record).toMatchObject({ status: 'interrupted', verdict: 'inconclusive', exitCode: 2 })
  expect(verdicts(record)).toEqual([['rp/a/pass', 'pass']])
})

test('a setup that fails before the first unit: the run is failed and says why', { timeout: 60_000 }, async () => {
  plan(`test('rp/a/pass — A', async () => {})`, `throw new Error('le produit ne démarre pas')`)
  const { record, said } = await play()
  expect(record).toMatchObject({
    status: 'failed',
    exitCode: 3,
    units: [],
    failure: { code: 'INTERNAL', message: expect.stringContaining('le produit ne démarre pas') },
  })
  expect(said).toContain('le produit ne démarre pas')
})

test('a disk that is full is said once in French; what was written stays', { timeout: 60_000 }, async () => {
  plan(
    `test('rp/a/pass — A', async ({}, info) => give(info, ${unit('rp/a/pass', 'pass')}))
test('rp/a/fail — B', async ({}, info) => give(info, ${unit('rp/a/fail', 'fail')}))`,
    // A folder in the place of the draft: no write can succeed.
    `mkdirSync(${JSON.stringify(join(run, 'run.json.tmp'))})`,
  )
  const { said, record } = await play()
  expect(said.match(/n'a pas pu être écrit/g)).toHaveLength(1)
  expect(said).toContain('À faire : Libérez de la place')
  expect(record.units).toEqual([])
})
