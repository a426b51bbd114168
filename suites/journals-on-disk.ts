import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry, Journal } from '#core/journal.ts'

/** The journals of a run folder by unit; a last line cut by a kill is left out. Calibration is not judged. */
export function readJournals(folder: string): ReadonlyMap<string, Journal> {
  const names = readdirSync(join(folder, 'journaux')).filter((name) => name.endsWith('.jsonl') && !/^(hors-flux|etalonnage-)/.test(name))
  return new Map(names.sort().map((name) => [unitOf(name), readJournal(join(folder, 'journaux', name))]))
}

/** One journal file. */
export function readJournal(path: string): Journal {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line): Entry[] => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Entry]
      } catch {
        return []
      }
    })
}

function unitOf(name: string): string {
  const [module = '', row] = name.replace(/\.jsonl$/, '').split('~')
  return module.replaceAll('.', '/') + (row ? `#${row}` : '')
}
