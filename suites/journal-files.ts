import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HarnessError } from '#core/errors.ts'
import type { Entry } from '#core/journal.ts'
import { unwritable } from '#core/unwritable.ts'
import { journalFile } from './cast.ts'

/** Entries on disk, one JSON a line, as they are recorded; a run that is killed keeps all but the last instant. */
export interface JournalFiles {
  keep(entry: Entry): void
  /** From now on, entries of this flow go to the file of this unit. */
  assign(flow: string, unit: string): void
  flush(): void
  /** The first write that failed; whoever closes the run ends it with this sentence. */
  trouble(): HarnessError | undefined
}

const EVERY = 250

/**
 * @param folder of the run; the journals go to `journaux/` below it.
 * @throws HarnessError `DISK_UNWRITABLE`
 */
export function createJournalFiles(folder: string): JournalFiles {
  try {
    mkdirSync(join(folder, 'journaux'), { recursive: true })
  } catch (cause) {
    throw unwritable(join(folder, 'journaux'), cause)
  }
  const files = new Map<string, string>()
  let lines = new Map<string, string[]>()
  let timer: NodeJS.Timeout | undefined
  let trouble: HarnessError | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const pending = lines
    lines = new Map()
    for (const [file, texts] of pending) {
      try {
        appendFileSync(join(folder, file), texts.join(''))
      } catch (cause) {
        trouble ??= unwritable(join(folder, file), cause)
      }
    }
  }
  return {
    keep(entry) {
      const file = files.get(entry.flow) ?? 'journaux/hors-flux.jsonl'
      const texts = lines.get(file) ?? []
      if (texts.length === 0) lines.set(file, texts)
      texts.push(`${JSON.stringify(entry)}\n`)
      timer ??= setTimeout(flush, EVERY)
    },
    assign: (flow, unit) => void files.set(flow, journalFile(unit)),
    flush,
    trouble: () => trouble,
  }
}
