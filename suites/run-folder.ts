import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explain, HarnessError } from '#core/errors.ts'
import type { RunRecord } from '#core/record.ts'
import { unwritable } from '#core/unwritable.ts'

/**
 * Makes the folder of a new run, `<out>/2026-11-23-101500-<target>`; two runs of one second get two folders.
 * @throws HarnessError `DISK_UNWRITABLE`
 */
export function makeRunFolder(out: string, target: string, now = new Date()): string {
  const name = `${now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}-${target}`
  make(out, { recursive: true })
  for (let count = 1; ; count++) {
    const folder = join(out, count === 1 ? name : `${name}-${count}`)
    if (make(folder)) return folder
  }
}

/**
 * The record of a run that opens, or that ends badly, whole or not at all. Once units are judged, the reporter writes it.
 * @throws HarnessError `DISK_UNWRITABLE`
 */
export function saveRecord(folder: string, record: RunRecord): void {
  const path = join(folder, 'run.json')
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${path}.draft`, `${JSON.stringify(record, null, 2)}\n`)
    renameSync(`${path}.draft`, path)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** Ends a record with what went wrong: never a verdict about the target. What was judged stays. */
export function saveFailure(folder: string, record: RunRecord, error: unknown): void {
  const harness = error instanceof HarnessError ? error : undefined
  const failure = {
    code: harness?.code ?? 'INTERNAL',
    message: harness?.message ?? explain(error),
    fix: harness?.fix ?? '',
    place: [harness?.place.file, harness?.place.path].filter(Boolean).join(' → '),
  }
  saveRecord(folder, { ...record, status: 'failed', endedAt: new Date().toISOString(), failure, verdict: 'error', exitCode: 3 })
}

/** The record as the reporter left it. */
export function savedRecord(folder: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord
}

/** False when it is there already; `recursive` does not mind. */
function make(folder: string, options?: { readonly recursive: true }): boolean {
  try {
    mkdirSync(folder, options)
    return true
  } catch (cause) {
    if (!options && (cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw unwritable(folder, cause)
  }
}
