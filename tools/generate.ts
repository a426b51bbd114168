import { loadPlan } from '#suites/plans.ts'
import { writeCatalogue } from './catalogue.ts'
import { writeFieldPage } from './field-page.ts'
import { generateIds } from './generate-ids.ts'

/** Rewrites every generated file; gives one French line for each. */
export async function generate(): Promise<readonly string[]> {
  const ids = generateIds()
  const catalogue = writeCatalogue(await loadPlan('relying-party'))
  const field = writeFieldPage()
  return [
    `fixtures/generated/ids.ts : ${ids ? 'réécrit' : 'à jour'}.`,
    `docs/catalogue.md : ${catalogue ? 'réécrit' : 'à jour'}.`,
    `docs/terrain.md : ${field ? 'réécrit' : 'à jour'}.`,
  ]
}

if (import.meta.main) for (const line of await generate()) console.log(line)
