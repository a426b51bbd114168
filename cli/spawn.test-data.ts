import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'
import type { RunRecord } from '#core/record.ts'
import { readRecord } from '#reports/record.ts'

export const HOUSE = resolve(import.meta.dirname, '..')
export const REFERENCE = join(HOUSE, 'targets/reference/dpi/main.ts')

/** The target file of the reference as a person would change it, rightly or wrongly. */
// biome-ignore lint/suspicious/noExplicitAny: what is tested is that anything may stand there
export type Loose = any

/** What a command said and did. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  /** Both outputs, as a terminal shows them. */
  readonly said: string
}

/** A room for target files, and the run folders that come of them; `clean` takes both away. */
export function room() {
  const folder = mkdtempSync(join(tmpdir(), 'essai-'))
  const mark = folder.slice(-6)
  const idOf = (name: string) => `essai-${mark}-${name}`.toLowerCase()
  const runs = () => readdirSync(join(HOUSE, 'out')).filter((run) => run.includes(`essai-${mark}-`.toLowerCase()))
  return {
    folder,
    /** A file of this room. */
    write(name: string, text: string): string {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    },
    /** The target file of the reference with a change. */
    target(name: string, change: (target: Loose) => void = () => {}): string {
      const target = JSON.parse(readFileSync(join(HOUSE, 'targets/reference/dpi.target.json'), 'utf8')) as Loose
      target.id = idOf(name)
      target.start.cwd = HOUSE
      change(target)
      return this.write(`${name}.target.json`, JSON.stringify(target, null, 2))
    },
    /** Run folders of a target that `target` made. */
    runsOf: (name: string): string[] => runs().flatMap((run) => (run.endsWith(idOf(name)) ? [join(HOUSE, 'out', run)] : [])),
    clean(): void {
      rmSync(folder, { recursive: true, force: true })
      for (const run of runs()) rmSync(join(HOUSE, 'out', run), { recursive: true, force: true })
    },
  }
}

/** Starts the command line in a process group of its own. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(HOUSE, 'cli/bin.mjs'), ...args], {
    cwd: HOUSE,
    env: { ...plainEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ended: listen(child) }
}

export function hospicert(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, env).ended
}

/** The environment of a person, not of the test runner nor of a run around it. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(VITEST|NODE_ENV|HOSPICERT_(?!BROWSER$))/
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))), CI: '1', NO_COLOR: '1' }
}

export function listen(child: ChildProcess): Promise<Ended> {
  let [stdout, said] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    said += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, said })))
}

/** Resolves when the output of a child contains a text. */
export function until(child: ChildProcess, text: string): Promise<void> {
  let said = ''
  return new Promise((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: string) => {
        said += chunk
        if (said.includes(text)) done()
      })
    }
    child.on('exit', () => fail(new Error(`ended without « ${text} »:\n${said}`)))
  })
}

/** What every refusal has in common: code 3, the place and what to do in French, nothing of our machinery. */
export function expectRefusal({ code, said }: Ended, place: string, sentence: string | RegExp): void {
  expect(said.split('\n').filter((line) => line.startsWith('Où : '))).toEqual([`Où : ${place}`])
  expect(said).toMatch(sentence)
  expect(said.match(/^À faire : \S/gm)).toHaveLength(1)
  expect(said).not.toMatch(/^\s+at |\bError\b|oidc-provider|NOTICE/m)
  expect(code).toBe(3)
}

/** The record of a run that came to nothing, kept with its reason. */
export function expectFailedRecord(folder: string | undefined, code: string, path: string): RunRecord {
  expect(folder && existsSync(folder)).toBe(true)
  const record = readRecord(folder ?? '')
  expect(record).toMatchObject({
    status: 'failed',
    verdict: 'error',
    exitCode: 3,
    units: [],
    failure: { code, place: expect.stringContaining(path) },
  })
  expect(record.endedAt).toBeDefined()
  return record
}

/** One member changed, for the short changes of a table. */
export function set(object: Loose, name: string, value: unknown): void {
  object[name] = value
}
