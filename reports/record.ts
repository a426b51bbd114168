import { existsSync, mkdirSync } from 'node:fs'
import { type Clock, systemClock } from '#core/clock.ts'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import { unwritable } from '#core/unwritable.ts'
import { exitCode, type Verdict, worst } from '#core/verdict.ts'
import { writeDurably } from './durable.ts'
import { parseRecord, readRecord, recordPath } from './record-file.ts'
import { applyAcceptedRisks } from './risks.ts'

export { readRecord } from './record-file.ts'
export { applyAcceptedRisks } from './risks.ts'

/** What is written while a run goes on. */
export interface Recorder {
  readonly folder: string
  /** Adds a unit, or replaces the one of the same id. Returns it as recorded: an accepted risk may have changed its verdict. */
  add(unit: UnitRecord): UnitRecord
  /** The same for several at once: one writing. */
  addAll(units: readonly UnitRecord[]): readonly UnitRecord[]
  set(partial: Partial<Omit<RunRecord, 'units' | 'verdict' | 'exitCode'>>): void
  finish(status: 'complete' | 'interrupted' | 'failed'): void
  current(): RunRecord
}

/**
 * Starts the record of a run: writes `folder/run.json`, then again after each change, whole or not at all.
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
  const change = (next: RunRecord) => writeDurably(recordPath(folder), print(concluded(next)))
  const addAll = (units: readonly UnitRecord[]) => {
    const record = current()
    const judged = applyAcceptedRisks(units)
    const all = new Map(record.units.map((unit) => [unit.id, unit]))
    for (const unit of judged) all.set(unit.id, unit)
    change({ ...record, units: [...all.values()] })
    return judged
  }
  return {
    folder,
    current,
    add: (unit) => addAll([unit])[0] ?? unit,
    addAll,
    set: (partial) => change({ ...current(), ...partial }),
    finish: (status) => change({ ...current(), status, endedAt: new Date(clock.now()).toISOString() }),
  }
}

/**
 * Verdict and exit code follow from the units; whoever writes the record does not choose them. A run that did not come to
 * its end proves nothing as a whole, were all its units conform so far.
 */
export function concluded(record: RunRecord): RunRecord {
  const verdicts: Verdict[] = record.units.map(({ verdict }) => verdict)
  if (record.status === 'failed') return { ...record, verdict: worst(['error', ...verdicts]), exitCode: 3 }
  if (record.status !== 'complete') verdicts.push('inconclusive')
  return { ...record, verdict: worst(verdicts), exitCode: exitCode(verdicts) }
}

function print(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}
