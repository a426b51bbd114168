import { resolve } from 'node:path'
import { HarnessError } from '#core/errors.ts'
import type { Command } from './main.ts'
import { allureOf, parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

export const command: Command = {
  summary: 'refait les rapports d’un passage, même interrompu : hospicert report <dossier> [--allure 2|3].',
  async run(args) {
    const { values, positionals } = parseOptions(args, { allure: { type: 'string' }, json: { type: 'boolean' } }, true)
    const [folder] = positionals
    if (!folder) throw new HarnessError('UNKNOWN_OPTION', 'Quel passage ?', { fix: 'hospicert report out/<passage>' })
    return publishRun(resolve(folder), { allure: allureOf(values.allure), json: values.json === true })
  },
}
