import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, normalize, relative } from 'node:path'
import type { Entry, Journal } from '#core/journal.ts'
import type { RunRecord } from '#core/record.ts'

/** The files of a run folder that its record names; nothing outside the folder is ever read. */
export interface Evidence {
  readonly folder: string
  /** The journal at this path; empty when it is missing. A last line cut by a kill is left out. */
  journal(path: string | undefined): Journal
  /** The bytes at this path, or undefined. */
  bytes(path: string | undefined): Buffer | undefined
  /** SHA-256 of the file in hexadecimal, or undefined when it is not there. */
  digest(path: string | undefined): string | undefined
}

export function openEvidence(folder: string): Evidence {
  const bytes = (path: string | undefined) => {
    if (path === undefined || !isInside(path)) return undefined
    const full = join(folder, path)
    return existsSync(full) ? readFileSync(full) : undefined
  }
  return {
    folder,
    bytes,
    digest(path) {
      const found = bytes(path)
      return found && sha256(found)
    },
    journal: (path) => (bytes(path)?.toString('utf8') ?? '').split('\n').flatMap(parseLine),
  }
}

/** Does a path of a record stay within its folder? */
export function isInside(path: string): boolean {
  const bare = relative('.', normalize(path))
  return bare !== '' && !bare.startsWith('..') && !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.includes('\0')
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Every file that the record names as evidence, once, in the order of the units. */
export function namedFiles(record: RunRecord): readonly string[] {
  const calibration = [record.calibration?.honest.screenshot, record.calibration?.nobody.screenshot]
  const units = record.units.flatMap(({ evidence }) => [evidence.journal, ...evidence.screenshots.map(({ path }) => path)])
  return [...new Set([...calibration, ...units].filter((path) => path !== undefined))]
}

function parseLine(line: string): Entry[] {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line) as Entry]
  } catch {
    return []
  }
}
