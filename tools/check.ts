import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkBoundaries, tellBreach } from './boundaries.ts'
import { lintTables } from './table-lint.ts'

const root = join(import.meta.dirname, '..')

/** What one check found: nothing, or the text to show. */
interface Outcome {
  readonly name: string
  readonly text: string
  readonly ok: boolean
  /** Milliseconds. */
  readonly duration: number
}

type Check = () => Promise<{ readonly ok: boolean; readonly text: string }>

const CHECKS: Readonly<Record<string, Check>> = {
  Types: () => run('typescript', ['-p', '.']),
  Style: () => run('@biomejs/biome', ['check', '.']),
  'Murs entre les pièces': async () => told(checkBoundaries().map(tellBreach)),
  Tables: async () => told(await lintTables()),
  'Code inutilisé': () => run('knip', ['--no-progress']),
}

/** Runs every static check of the house side by side and prints a short summary. True when all is well. */
export async function check(print: (line: string) => void = console.log): Promise<boolean> {
  const outcomes = await Promise.all(Object.entries(CHECKS).map(([name, one]) => timed(name, one)))
  for (const { name, ok, duration } of outcomes) print(`${ok ? '✓' : '✗'} ${name} (${(duration / 1000).toFixed(1)} s)`)
  for (const { name, text } of outcomes.filter(({ ok }) => !ok)) print(`\n— ${name}\n${text}`)
  return outcomes.every(({ ok }) => ok)
}

async function timed(name: string, one: Check): Promise<Outcome> {
  const start = performance.now()
  const result = await one().catch((error: unknown) => ({ ok: false, text: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
  return { name, ...result, duration: performance.now() - start }
}

function told(sentences: readonly string[]) {
  return { ok: sentences.length === 0, text: sentences.join('\n') }
}

/** Runs the command of an installed package with this Node, without a shell, and keeps what it says. */
function run(name: string, args: readonly string[]): ReturnType<Check> {
  const folder = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Readonly<Record<string, string>> }
  const [script = ''] = Object.values(bin)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, text: Buffer.concat(parts).toString('utf8').trim() }))
  })
}

if (import.meta.main) process.exitCode = (await check()) ? 0 : 1
