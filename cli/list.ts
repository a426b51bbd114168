import { listed, type Unit } from '#core/plan.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { loadPlan, select } from '#suites/plans.ts'
import type { Command } from './main.ts'
import { parseOptions } from './options.ts'

const KINDS = { module: 'module', row: 'ligne', rule: 'règle', attestation: 'attestation' } as const

export const command: Command = {
  summary: 'liste les unités du plan : [--json] [--module <id ou motif>] [--target <fichier>] (sans les variantes que la cible ne déclare pas).',
  async run(args) {
    const { values } = parseOptions(args, { json: { type: 'boolean' }, module: { type: 'string', multiple: true }, target: { type: 'string' } })
    const target = values.target === undefined ? undefined : readTargetFile(values.target).target
    const plan = await loadPlan('relying-party', target)
    return printList(select(plan, values.module ?? []), values.json === true)
  },
}

export function printList(units: readonly Unit[], json: boolean): number {
  const rows = units.map(listed)
  if (json) console.log(JSON.stringify(rows, null, 2))
  else {
    const width = Math.max(...rows.map(({ id }) => id.length))
    for (const { id, kind, title } of rows) console.log(`${id.padEnd(width)}  ${KINDS[kind].padEnd(11)} ${title}`)
    console.log(`\n${rows.length} unités.`)
  }
  return 0
}
