import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode, explain, HarnessError } from '#core/errors.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { readRecord } from '#reports/record.ts'
import { type EngineName, engineOf } from '#suites/engine.ts'
import { compare, type Expected, type FieldRun, renew } from '#suites/field.ts'
import { loadPlan, select } from '#suites/plans.ts'
import { writeFieldPage } from '#tools/field-page.ts'
import { runPlan } from './certify.ts'
import { folderOf, type Product, prepare, products, readProductFile } from './field-product.ts'
import type { Command } from './main.ts'
import { count, parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

/** How the products are played. */
interface Playing {
  readonly patterns: readonly string[]
  readonly workers: number
  readonly update: boolean
  readonly engine: EngineName | undefined
}

/** How many units of a product were as known, and how many sentences there are to read. */
interface Outcome {
  readonly asExpected: number
  readonly different: number
}

export const command: Command = {
  summary: `joue le plan sur des produits réels et compare aux résultats attendus : hospicert field [<produit>…]
[--module <id ou motif>] [--workers <n>] [--engine browser|http] [--update]. Installe leurs paquets Debian ou npm. Sans nom, tous ceux qui peuvent
s'installer ici. Code de sortie : 0 aucune différence, 1 au moins une.`,
  async run(args) {
    const options = {
      workers: { type: 'string' },
      module: { type: 'string', multiple: true },
      update: { type: 'boolean' },
      engine: { type: 'string' },
    } as const
    const { values, positionals } = parseOptions(args, options, true)
    const playing = {
      patterns: (values.module ?? []).flatMap((pattern) => pattern.split(',')),
      workers: count(values.workers, 'workers', 2),
      update: values.update === true,
      engine: values.engine === undefined ? undefined : engineOf(values.engine),
    }
    const asked = positionals.length > 0
    const folders = (asked ? positionals : products()).map(folderOf)
    const outcomes: Outcome[] = []
    for (const folder of folders) outcomes.push(await playOrLeave(folder, playing, asked))
    const [asExpected, different] = [sum(outcomes, 'asExpected'), sum(outcomes, 'different')]
    if (outcomes.length > 1) console.log(`\nTerrain : ${asExpected} épreuves comme attendu, ${different} différences.`)
    return different === 0 ? 0 : 1
  },
}

/** A Debian product that cannot be installed on this machine is left out, unless it was asked for by name. */
async function playOrLeave(folder: string, playing: Playing, asked: boolean): Promise<Outcome> {
  const product = readProductFile<Product>(join(folder, 'product.json'), 'product')
  console.log(`\n══ ${product.title}`)
  try {
    return await play(product, folder, prepare(product, folder), playing)
  } catch (error) {
    const absent = error instanceof HarnessError && error.code === 'TOOL_MISSING' && !('npm' in product)
    if (asked || !absent) throw error
    console.log(`Laissé de côté : ${explain(error)}`)
    return { asExpected: 0, different: 0 }
  }
}

async function play(product: Product, folder: string, version: string, { patterns, workers, update, engine }: Playing): Promise<Outcome> {
  const table = join(folder, 'expected.json')
  const expected = existsSync(table) || !update ? readProductFile(table, 'expected', update ? explained : undefined) : blank(product)
  const target = join(folder, `${product.id}.target.json`)
  const plan = await loadPlan('relying-party', readTargetFile(target).target)
  const selected = select(plan, patterns).map(({ id }) => id)
  const run = await runPlan({ target, patterns, workers, engine: engine ?? product.engine })
  const { failure, units, status } = readRecord(run)
  if (failure) throw new HarnessError(failure.code as ErrorCode, failure.message, { fix: failure.fix, place: { file: failure.place } })
  await publishRun(run, { allure: 3, json: false })
  if (status === 'interrupted') {
    throw new HarnessError('RUN_UNREADABLE', 'Le passage a été interrompu : rien n’est comparé.', {
      fix: 'Relancez la commande.',
      place: { file: run },
    })
  }
  const seen: FieldRun = { known: plan.units.map(({ id }) => id), selected, units }
  const different = update ? renewTable(table, expected, seen, version) : tell(expected, seen, version)
  return { asExpected: Math.max(0, selected.length - different), different }
}

function tell(expected: Expected, seen: FieldRun, version: string): number {
  console.log('\nComparaison avec les résultats attendus')
  if (version !== expected.version) {
    console.log(`La version installée est ${version} ; les résultats attendus ont été relevés sur ${expected.version}, le ${expected.recordedOn}.`)
  }
  const differences = compare(expected, seen)
  for (const difference of differences) console.log(difference)
  const deviations = seen.selected.filter((id) => id in expected.units).length
  console.log(
    differences.length === 0
      ? `Aucune différence (épreuves : ${seen.selected.length} ; écarts connus et expliqués : ${deviations}).`
      : `Différences : ${differences.length}.`,
  )
  return differences.length
}

function renewTable(table: string, expected: Expected, seen: FieldRun, version: string): number {
  const renewed = renew(expected, seen, { version, recordedOn: new Date().toISOString().slice(0, 10) })
  writeFileSync(table, `${JSON.stringify(renewed.expected, null, 2)}\n`)
  writeFieldPage()
  for (const id of renewed.unexplained) console.log(`${id} : écrivez dans « why » pourquoi ce verdict est attendu (${table}).`)
  const left = compare(renewed.expected, seen)
  for (const difference of left) console.log(difference)
  console.log(`Écarts attendus : ${Object.keys(renewed.expected.units).length}, relevés sur la version ${version}.`)
  return renewed.unexplained.length + left.length
}

function sum(outcomes: readonly Outcome[], member: keyof Outcome): number {
  return outcomes.reduce((total, outcome) => total + outcome[member], 0)
}

/** Without the rows that a first --update left to be explained: a new one finds them again. */
function explained({ units, ...table }: Expected): Expected {
  return { ...table, units: Object.fromEntries(Object.entries(units).filter(([, { why }]) => why !== '')) }
}

function blank({ id }: Product): Expected {
  return { $schema: '../../../fixtures/schema/expected.schema.json', product: id, version: '', recordedOn: '', units: {} }
}
