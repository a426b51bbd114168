import { resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import { writeSummary } from '#reports/console.ts'
import { readRecord } from '#reports/record.ts'
import type { Command } from './main.ts'
import { parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

export const command: Command = {
  summary: 'refait les rapports d’un passage, même interrompu : hospicert report <dossier> [--allure 2|3].',
  async run(args) {
    const { values, positionals } = parseOptions(args, { allure: { type: 'string' } }, true)
    const [folder] = positionals
    if (!folder) throw new HarnessError('UNKNOWN_OPTION', 'Quel passage ?', { fix: 'hospicert report out/<passage>' })
    const record = readRecord(resolve(folder))
    const published = await publishRun(resolve(folder), values.allure === '2' ? 2 : 3)
    writeSummary(record, { folder: resolve(folder), published })
    return record.exitCode
  },
}
