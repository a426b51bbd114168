import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import { variantOf } from '#core/variant.ts'
import type { Verdict } from '#core/verdict.ts'
import { readJournal } from './journals-on-disk.ts'
import { judge } from './judge/judge.ts'
import { loadPlan } from './plans.ts'
import { contextOf } from './run-unit.ts'

/** What today's checks say of a unit of an old run. */
export interface Rejudged {
  readonly before: UnitRecord
  readonly now: Verdict
  readonly reason: string
}

/** Judges the journals of a run folder again. Units that no longer exist, have no journal, or are rules are left out. */
export async function rejudge(folder: string, record: RunRecord): Promise<readonly Rejudged[]> {
  const { judging } = record
  if (!judging) {
    throw new HarnessError('RUN_UNREADABLE', 'Ce passage ne dit pas à quoi ses journaux ont été comparés.', {
      fix: 'Relancez la certification avec cette version.',
    })
  }
  const plan = await loadPlan('relying-party')
  return record.units.flatMap((before): Rejudged[] => {
    const unit = plan.units.find(({ id }) => id === before.id)
    const path = before.evidence.journal && join(folder, before.evidence.journal)
    if (!unit || unit.kind === 'rule' || !path || !existsSync(path)) return []
    const { verdict, reason } = judge(
      unit.module,
      readJournal(path),
      contextOf({ ...judging, ...judging.variants?.[variantOf(before.id) ?? ''] }, before.control),
    )
    return [{ before, now: verdict, reason }]
  })
}
