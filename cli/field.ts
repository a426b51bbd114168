import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode, HarnessError, nearest } from '#core/errors.ts'
import { readTargetFile } from '#fixtures/target-file.ts'
import { type SchemaName, violations } from '#fixtures/validate.ts'
import { readRecord } from '#reports/record.ts'
import { compare, type Expected, type FieldRun, renew } from '#suites/field.ts'
import { loadPlan, select } from '#suites/plans.ts'
import { HOUSE, runPlan } from './certify.ts'
import { installMissing, type Need, outputOf } from './debian.ts'
import type { Command } from './main.ts'
import { count, parseOptions } from './options.ts'
import { publishRun } from './publish-run.ts'

/** What a real product needs of the machine (`fixtures/schema/product.schema.json`). */
interface Product {
  readonly id: string
  readonly title: string
  readonly needs: readonly Need[]
  /** The command that prints the installed version. */
  readonly version: readonly string[]
}

const ROOM = join(HOUSE, 'targets/third-party')

export const command: Command = {
  summary: `joue le plan sur un produit réel et compare aux résultats attendus : hospicert field <produit>
[--module <id ou motif>] [--workers <n>] [--update]. Installe ses paquets Debian. Code de sortie : 0 aucune différence, 1 au moins une.`,
  async run(args) {
    const options = { workers: { type: 'string' }, module: { type: 'string', multiple: true }, update: { type: 'boolean' } } as const
    const { values, positionals } = parseOptions(args, options, true)
    const folder = folderOf(positionals[0])
    const product = read<Product>(join(folder, 'product.json'), 'product')
    const table = join(folder, 'expected.json')
    const expected = existsSync(table) || !values.update ? read<Expected>(table, 'expected') : blank(product)
    const patterns = (values.module ?? []).flatMap((pattern) => pattern.split(','))
    const target = join(folder, `${product.id}.target.json`)
    const plan = await loadPlan('relying-party', readTargetFile(target).target)
    const selected = select(plan, patterns).map(({ id }) => id)
    installMissing(product.needs, product.title)
    const version = outputOf(product.version) ?? 'inconnue'
    const run = await runPlan({ target, patterns, workers: count(values.workers, 'workers', 2) })
    const { failure } = readRecord(run)
    if (failure) throw new HarnessError(failure.code as ErrorCode, failure.message, { fix: failure.fix, place: { file: failure.place } })
    await publishRun(run, { allure: 3, json: false })
    const seen: FieldRun = { known: plan.units.map(({ id }) => id), selected, units: readRecord(run).units }
    return values.update ? update(table, expected, seen, version) : tell(expected, seen, version)
  },
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
  return differences.length === 0 ? 0 : 1
}

function update(table: string, expected: Expected, seen: FieldRun, version: string): number {
  const renewed = renew(expected, seen, { version, recordedOn: new Date().toISOString().slice(0, 10) })
  writeFileSync(table, `${JSON.stringify(renewed.expected, null, 2)}\n`)
  for (const id of renewed.unexplained) console.log(`${id} : écrivez dans « why » pourquoi ce verdict est attendu (${table}).`)
  const left = compare(renewed.expected, seen)
  for (const difference of left) console.log(difference)
  console.log(`Écarts attendus : ${Object.keys(renewed.expected.units).length}, relevés sur la version ${version}.`)
  return renewed.unexplained.length === 0 && left.length === 0 ? 0 : 1
}

function folderOf(name: string | undefined): string {
  const known = globSync('*/product.json', { cwd: ROOM }).map((path) => path.split(/[\\/]/)[0] ?? '')
  if (name !== undefined && known.includes(name)) return join(ROOM, name)
  const near = name === undefined ? [] : nearest(name, known)
  throw new HarnessError('TARGET_FILE_MISSING', name === undefined ? 'Quel produit ?' : `Le produit « ${name} » n'est pas connu.`, {
    fix: near.length > 0 ? `Vouliez-vous dire ${near.join(', ')} ?` : `Produits connus : ${known.join(', ')}.`,
  })
}

function blank({ id }: Product): Expected {
  return { $schema: '../../../fixtures/schema/expected.schema.json', product: id, version: '', recordedOn: '', units: {} }
}

function read<T>(path: string, schema: SchemaName): T {
  if (!existsSync(path)) {
    throw new HarnessError('TARGET_FILE_MISSING', `Le fichier ${path} n'existe pas.`, {
      fix: schema === 'expected' ? 'Relevez les résultats une première fois avec --update, puis expliquez chaque écart.' : 'Créez-le.',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new HarnessError('TARGET_FILE_MALFORMED', `Le fichier n'est pas du JSON : ${(cause as Error).message}.`, { place: { file: path }, cause })
  }
  const broken = violations(schema, value)
  if (broken.length === 0) return value as T
  const sentences = broken.map(({ path: where, sentence }) => `${where || '(racine)'} : ${sentence}`)
  throw new HarnessError('TARGET_FILE_INVALID', sentences.join('\n'), {
    fix: `Le schéma fixtures/schema/${schema}.schema.json décrit chaque membre.`,
    place: { file: path },
  })
}
