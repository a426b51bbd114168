import { resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { UnitRecord } from '#core/record.ts'
import { VERDICT_LABELS, type Verdict } from '#core/verdict.ts'
import { readRecord } from '#reports/record.ts'
import { rejudge } from '#suites/rejudge.ts'
import type { Command } from './main.ts'
import { parseOptions } from './options.ts'

export const command: Command = {
  summary: 'juge de nouveau les journaux d’un ancien passage avec les contrôles d’aujourd’hui : hospicert judge <dossier>.',
  async run(args) {
    const { positionals } = parseOptions(args, {}, true)
    if (!positionals[0]) throw new HarnessError('UNKNOWN_OPTION', 'Quel passage faut-il juger de nouveau ?', { fix: 'hospicert judge out/<passage>' })
    const folder = resolve(positionals[0])
    const changed = (await rejudge(folder, readRecord(folder))).filter(({ before, now }) => before.verdict !== now)
    for (const { before, now, reason } of changed) console.log(tell(before, now, reason))
    console.log(changed.length === 0 ? 'Aucun verdict ne change.' : `${changed.length} verdicts changent ; le passage n'est pas modifié.`)
    return changed.length === 0 ? 0 : 1
  },
}

function tell({ id, verdict }: UnitRecord, now: Verdict, reason: string): string {
  return `${id} : ${VERDICT_LABELS[verdict]} → ${VERDICT_LABELS[now]} – ${reason}`
}
