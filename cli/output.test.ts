import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { afterAll, expect, test } from 'vitest'
import { readRecord } from '#reports/record.ts'
import { HOUSE, hospicert, listen, plainEnvironment, room } from './spawn.test-data.ts'

/** What the commands print, for a person and for a program. */
const here = room()
afterAll(() => here.clean())
const TIMEOUT = { timeout: 120_000 }
const NOMINAL = ['--module', 'rp/login/nominal']

const playwright = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  listen(
    spawn(
      process.execPath,
      [
        createRequire(import.meta.url)
          .resolve('playwright/package.json')
          .replace('package.json', 'cli.js'),
        ...args,
      ],
      {
        cwd: HOUSE,
        env: { ...plainEnvironment(), ...env },
      },
    ),
  )

test('help, without a command or with one', TIMEOUT, async () => {
  const help = await hospicert(['help'])
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage : hospicert <commande> [options]') })
  for (const name of ['certify', 'list', 'report', 'judge', 'kill', 'field']) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
  expect(await hospicert(['certify', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--target') })
})

test('the plan as a list, for a person and as JSON', TIMEOUT, async () => {
  const { stdout, code } = await hospicert(['list', '--json', '--target', 'targets/reference/dpi.target.json'])
  expect(code).toBe(0)
  const units = JSON.parse(stdout) as { id: string; title: string; kind: string }[]
  expect(units.find(({ id }) => id === 'rp/login/nominal')).toMatchObject({ kind: 'module', title: expect.stringMatching(/^Un professionnel/) })
  const list = await hospicert(['certify', '--list'])
  expect(list.stdout).toContain(`\n${units.length} unités.`)
  expect(JSON.parse((await hospicert(['certify', '--list', '--json', ...NOMINAL])).stdout)).toHaveLength(1)
})

test('--json: nothing but the summary on standard output, through npm as well', TIMEOUT, async () => {
  const args = ['run', '--silent', 'certify', '--', '--target', here.target('json'), '--json', ...NOMINAL]
  const { stdout, code } = await listen(spawn('npm', args, { cwd: HOUSE, env: plainEnvironment() }))
  expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', verdict: 'pass', exitCode: 0, judged: 1, selected: 1, failure: null, problems: [] })
  expect(code).toBe(0)
})

test('--json of a run that came to nothing', TIMEOUT, async () => {
  const file = here.target('nothing', ({ start }) => {
    start.command = ['commande-absente']
  })
  const { stdout, said, code } = await hospicert(['certify', '--target', file, '--json', ...NOMINAL])
  expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', exitCode: 3, judged: 0, failure: { code: 'PRODUCT_STOPPED' } })
  expect(said).toContain(`Où : ${file} → start.command`)
  expect(code).toBe(3)
})

test('Playwright alone lists the plan', TIMEOUT, async () => {
  const { code, said } = await playwright(['test', '--list'])
  expect(code).toBe(0)
  expect(said).toMatch(/\[relying-party\].*rp\/login\/nominal — Un professionnel/)
})

test('Playwright alone plays what --grep chooses, and says it our way', TIMEOUT, async () => {
  const { code, said } = await playwright(['test', '--project', 'relying-party', '--grep', 'rp/login/nominal'], {
    HOSPICERT_TARGET: here.target('grep'),
  })
  expect(said).toMatch(/^HospiCert \d[\s\S]*✓ conforme {8}rp\/login\/nominal[\s\S]*Code de sortie 0[\s\S]*npx hospicert report out\/\S+\n$/)
  expect(code).toBe(0)
  const [folder = ''] = here.runsOf('grep')
  const record = readRecord(folder)
  expect(record).toMatchObject({ status: 'complete', verdict: 'pass', exitCode: 0 })
  expect(record.units).toHaveLength(record.plan.selected)
})

test('Playwright alone tells a product that does not start as the command line does', TIMEOUT, async () => {
  const file = here.target('alone', ({ start }) => {
    start.command = ['commande-absente']
  })
  const { code, said } = await playwright(['test'], { HOSPICERT_TARGET: file })
  expect(said).toMatch(/^Où : \S+ → start\.command\nLa commande « commande-absente » n'existe pas\.\nÀ faire : .*\nPassage : out\/\S+\n$/)
  expect(code).toBe(1)
  const malformed = await playwright(['test'], { HOSPICERT_TARGET: here.write('malformed.target.json', '{') })
  expect(malformed.said).toMatch(/^Où : \S+malformed\.target\.json → ligne 1, colonne 2\nLe fichier n'est pas du JSON.*\nÀ faire : .*\n$/)
})
