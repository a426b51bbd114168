import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError, nearest } from '#core/errors.ts'
import { type SchemaName, violations } from '#fixtures/validate.ts'
import type { EngineName } from '#suites/engine.ts'
import { HOUSE } from './certify.ts'
import { installMissing, type Need, outputOf } from './debian.ts'
import { installPackages, versionOf } from './npm-packages.ts'

/** What a real product needs of the machine (`fixtures/schema/product.schema.json`): Debian packages, or npm packages in its own folder. */
export type Product = {
  readonly id: string
  readonly title: string /** How its pages are played, unless told otherwise. */
  readonly engine: EngineName
} & (
  | { readonly needs: readonly Need[] /** The command that prints the installed version. */; readonly version: readonly string[] }
  | { /** The package whose version counts. */ readonly npm: string }
)

const ROOM = join(HOUSE, 'targets/third-party')

/** The ids of all real products. */
export function products(): readonly string[] {
  return globSync('*/product.json', { cwd: ROOM })
    .map((path) => path.split(/[\\/]/)[0] ?? '')
    .sort()
}

/**
 * The folder of a product.
 * @throws HarnessError `TARGET_FILE_MISSING` with the nearest known names
 */
export function folderOf(name: string): string {
  const known = products()
  if (known.includes(name)) return join(ROOM, name)
  const near = nearest(name, known)
  throw new HarnessError('TARGET_FILE_MISSING', `Le produit « ${name} » n'est pas connu.`, {
    fix: near.length > 0 ? `Vouliez-vous dire ${near.join(', ')} ?` : `Produits connus : ${known.join(', ')}.`,
  })
}

/**
 * Installs what the product needs and is not there.
 * @returns the installed version
 * @throws HarnessError `TOOL_MISSING`
 */
export function prepare(product: Product, folder: string): string {
  if ('npm' in product) {
    installPackages(folder, product.title)
    return versionOf(folder, product.npm) ?? 'inconnue'
  }
  installMissing(product.needs, product.title)
  return outputOf(product.version) ?? 'inconnue'
}

/**
 * Reads a file of a product's folder. `mend` corrects what it holds before that is judged.
 * @throws HarnessError `TARGET_FILE_MISSING`, `TARGET_FILE_MALFORMED`, `TARGET_FILE_INVALID`
 */
export function readProductFile<T>(path: string, schema: SchemaName, mend: (value: T) => T = (value) => value): T {
  if (!existsSync(path)) {
    throw new HarnessError('TARGET_FILE_MISSING', `Le fichier ${path} n'existe pas.`, {
      fix: schema === 'expected' ? 'Relevez les résultats une première fois avec --update, puis expliquez chaque écart.' : 'Créez-le.',
    })
  }
  let value: T
  try {
    value = mend(JSON.parse(readFileSync(path, 'utf8')) as T)
  } catch (cause) {
    throw new HarnessError('TARGET_FILE_MALFORMED', `Le fichier n'est pas du JSON : ${(cause as Error).message}.`, { place: { file: path }, cause })
  }
  const broken = violations(schema, value)
  if (broken.length === 0) return value
  const sentences = broken.map(({ path: where, sentence }) => `${where || '(racine)'} : ${sentence}`)
  throw new HarnessError('TARGET_FILE_INVALID', sentences.join('\n'), {
    fix: `Le schéma fixtures/schema/${schema}.schema.json décrit chaque membre.`,
    place: { file: path },
  })
}
