import { globSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { type Import, importsOf } from './imports.ts'

/** Room → rooms that it may import beside itself, and why no more (French, shown with the breach). */
const ROOMS: Readonly<Record<string, { readonly may: readonly string[]; readonly because: string }>> = {
  core: { may: [], because: 'le vocabulaire ne connaît personne' },
  fixtures: { may: ['core'], because: 'ce sont des données, sans comportement' },
  simulators: { may: ['core'], because: 'un simulateur reçoit un profil, il ne lit pas les tables' },
  targets: { may: ['core'], because: 'une cible ne sait rien du banc qui la juge' },
  suites: { may: ['core', 'fixtures', 'simulators', 'targets'], because: 'une suite dit ce qui est exigé, elle ne rédige pas les rapports' },
  reports: { may: ['core', 'fixtures'], because: 'un rapport ne lit que le compte rendu' },
  sandbox: { may: ['core', 'fixtures', 'simulators'], because: 'le bac à sable ne juge personne' },
  cli: {
    may: ['core', 'fixtures', 'simulators', 'targets', 'suites', 'reports', 'sandbox', 'tools'],
    because: 'les mesures ne font pas partie du produit',
  },
}
/** Rooms of the workshop: they may import anything, and only the command line may import them. */
const WORKSHOP = ['tools', 'benchmarks']
/** Simulators that another simulator may import: bytes and keys, no protocol. */
const SHARED_SIMULATORS = ['wire', 'kms']

/** An import that the table does not allow. */
export interface Breach {
  readonly file: string
  readonly line: number
  readonly imported: string
  /** French. */
  readonly rule: string
}

/** Breaches of the import table (see the page on the architecture) in a set of files, path → source. */
export function breaches(sources: ReadonlyMap<string, string>): readonly Breach[] {
  return [...sources].flatMap(([file, source]) =>
    importsOf(source).flatMap((reference) => {
      const imported = resolve(file, reference.specifier)
      const rule = broken(file, imported, reference)
      return rule === null ? [] : [{ file, line: reference.line, imported: imported ?? reference.specifier, rule }]
    }),
  )
}

/** Reads every source file of the house and tells its breaches. */
export function checkBoundaries(root: string = join(import.meta.dirname, '..')): readonly Breach[] {
  const files = globSync('**/*.{ts,mts,mjs}', { cwd: root, exclude: (name) => /(^|[\\/])(node_modules|out|\.[^.\\/]+)$/.test(name) })
  return breaches(new Map(files.map((file) => [file.split(sep).join('/'), readFileSync(join(root, file), 'utf8')])))
}

/** One line for a person. */
export function tellBreach({ file, line, imported, rule }: Breach): string {
  return `${file}:${line} importe ${imported} : ${rule}.`
}

/** Path of the imported file from the root, or null for a package. */
function resolve(file: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1)
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier)
  return null
}

function broken(file: string, imported: string | null, { specifier, typeOnly }: Import): string | null {
  const room = roomOf(file)
  if (isTest(file) || WORKSHOP.includes(room) || !file.includes('/')) return null
  if (imported === null) {
    return room === 'core' && !typeOnly ? `« core » est pur : « ${specifier} » ne peut y entrer que par « import type »` : null
  }
  if (isTest(imported)) return "un fichier de test ou ses données ne s'importent que d'un test"
  const other = roomOf(imported)
  const rules = ROOMS[room]
  if (!rules) return `« ${room} » n'est pas une pièce connue ; ajoutez-la à la table des imports`
  if (file.includes('/pcsc-mock/') && !imported.includes('/pcsc-mock/')) return "« pcsc-mock » se publie seul et n'importe rien de la maison"
  if (file.includes('.driver.') && other !== 'core' && !sameFolder(file, imported)) return "un pilote n'importe que « core »"
  if (other === room) return room === 'simulators' || room === 'targets' ? brokenWithin(room, file, imported) : null
  // A file at the top of the house (package.json) is nobody's room.
  if (!imported.includes('/')) return null
  if (rules.may.includes(other)) return null
  if (file.startsWith('targets/reference/') && other === 'simulators') return null
  const may = rules.may.length > 0 ? `n'importe que ${rules.may.map((name) => `« ${name} »`).join(', ')}` : "n'importe aucune autre pièce"
  return `« ${room} » ${may} (${rules.because})`
}

function brokenWithin(room: 'simulators' | 'targets', file: string, imported: string): string | null {
  const [mine, theirs] = [file, imported].map((path) => path.split('/')[1] ?? '')
  if (mine === theirs || (room === 'simulators' && SHARED_SIMULATORS.includes(theirs ?? ''))) return null
  return room === 'simulators' ? "deux simulateurs se parlent sur le fil et ne s'importent pas" : "une cible n'importe pas une autre cible"
}

function sameFolder(file: string, imported: string): boolean {
  return posix.dirname(imported) === posix.dirname(file) || imported.startsWith(`${posix.dirname(file)}/`)
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? ''
}

function isTest(file: string): boolean {
  return /\.(test|test-data)\.(ts|mts|mjs)$/.test(file)
}

if (import.meta.main) {
  const found = checkBoundaries()
  for (const breach of found) console.error(tellBreach(breach))
  process.exitCode = found.length > 0 ? 1 : 0
}
