import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { type Clock, systemClock } from '#core/clock.ts'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import { unwritable } from '#core/unwritable.ts'
import { writeDurably } from './durable.ts'
import { concluded, parseRecord, readRecord, recordPath, unitsPath } from './record-file.ts'
import { applyAcceptedRisks } from './risks.ts'

export { concluded, readRecord } from './record-file.ts'
export { applyAcceptedRisks } from './risks.ts'

/** The whole record rests this many times as long as its last writing took. */
const REST = 9

/** What is written while a run goes on. */
export interface Recorder {
  readonly folder: string
  /** Adds a unit, or replaces the one of the same id. Returns it as recorded: an accepted risk may have changed its verdict. */
  add(unit: UnitRecord): UnitRecord
  set(partial: Partial<Omit<RunRecord, 'units' | 'verdict' | 'exitCode'>>): void
  finish(status: 'complete' | 'interrupted' | 'failed'): void
  current(): RunRecord
}

/**
 * Starts the record of a run: writes `folder/run.json`, whole or not at all. A judged unit is on disk at once, in a line of its own beside it;
 * the whole is written again after a rest, so that a long run costs no more a unit.
 * The file is the state: two recorders over one folder, in one process, do not lose each other's units.
 * @example createRecorder('out/runs/2026-11-23', record).add(unit)
 */
export function createRecorder(folder: string, initial: RunRecord, clock: Clock = systemClock): Recorder {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw unwritable(folder, cause)
  }
  writeDurably(recordPath(folder), print(concluded({ ...initial, units: applyAcceptedRisks(initial.units) })))
  return recorderOver(folder, clock)
}

/** Goes on with a record that somebody else began. Throws `RUN_UNREADABLE` when there is none. */
export function openRecorder(folder: string, clock: Clock = systemClock): Recorder {
  readRecord(folder)
  return recorderOver(folder, clock)
}

/** Is there a record in this folder? */
export function hasRecord(folder: string): boolean {
  return existsSync(recordPath(folder))
}

function recorderOver(folder: string, clock: Clock): Recorder {
  const current = () => parseRecord(folder)
  let writeAfter = 0
  const change = (next: RunRecord) => {
    const started = performance.now()
    writeDurably(recordPath(folder), print(concluded(next)))
    rmSync(unitsPath(folder), { force: true })
    writeAfter = performance.now() + REST * (performance.now() - started)
  }
  return {
    folder,
    current,
    add(unit) {
      const [judged = unit] = applyAcceptedRisks([unit])
      try {
        // The break comes first: what a full disk cut stays a line of its own.
        appendFileSync(unitsPath(folder), `\n${JSON.stringify(judged)}`)
      } catch (cause) {
        throw unwritable(unitsPath(folder), cause)
      }
      if (performance.now() >= writeAfter) change(current())
      return judged
    },
    set: (partial) => change({ ...current(), ...partial }),
    finish: (status) => change({ ...current(), status, endedAt: new Date(clock.now()).toISOString() }),
  }
}

function print(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}
