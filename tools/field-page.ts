import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'
import type { Expected } from '#suites/field.ts'

const ROOM = join(import.meta.dirname, '../targets/third-party')
const FILE = join(import.meta.dirname, '../docs/terrain.md')

/** A product with what is known of it. */
interface Row {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly table: Expected
}

/** The text of `docs/terrain.md`: the real products, how many units had each verdict, and every deviation with its explanation. */
export function fieldPageText(): string {
  const rows = readRows()
  const shown = VERDICTS.filter((verdict) => rows.some(({ table }) => table.verdicts?.[verdict] !== undefined))
  return [
    '# Les produits du terrain',
    '',
    '<!-- Écrit par « hospicert generate » ; ne pas modifier à la main. -->',
    '',
    'Des produits que personne ici n’a écrits, chacun dans la meilleure configuration que sa documentation permette, éprouvés par le plan entier.',
    'Un écart n’est pas toujours une faille : il dit ce qu’une exigence demande et que le produit ne fait pas, et où cela se lit.',
    'Les verdicts comptés sont ceux du dernier passage du plan entier (« – » : pas encore compté) ; les écarts expliqués viennent aussi des passages partiels.',
    '',
    `| Produit | Version | Relevé le | Écarts expliqués | ${shown.map(heading).join(' | ')} |`,
    `| --- | --- | --- | ---: |${shown.map(() => ' ---: |').join('')}`,
    ...rows.map(({ id, title, table }) => {
      const counts = shown.map((verdict) => (table.verdicts ? (table.verdicts[verdict] ?? 0) : '–'))
      return `| [${title}](../targets/third-party/${id}/README.md) | ${table.version} | ${table.recordedOn} | ${Object.keys(table.units).length} | ${counts.join(' | ')} |`
    }),
    '',
    ...rows.flatMap(section),
  ].join('\n')
}

function section({ title, source, table }: Row): readonly string[] {
  // One explanation may serve several units.
  const groups = Map.groupBy(Object.entries(table.units), ([, { verdict, why, source: where }]) => JSON.stringify([verdict, why, where]))
  return [
    `## ${title}`,
    '',
    `[${source}](${source})`,
    '',
    ...(groups.size === 0 ? ['Aucun écart.', ''] : ['| Épreuves | Verdict | Pourquoi | Où cela se lit |', '| --- | --- | --- | --- |']),
    ...[...groups.values()].map((units) => {
      const [, { verdict, why, source: where = '' }] = units[0] as (typeof units)[number]
      return `| ${units.map(([id]) => `\`${id}\``).join('<br>')} | ${VERDICT_LABELS[verdict]} | ${cell(why)} | ${cell(where)} |`
    }),
    '',
  ]
}

function readRows(): readonly Row[] {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOM, path), 'utf8'))
  return globSync('*/expected.json', { cwd: ROOM })
    .map((path) => path.split(/[\\/]/)[0] ?? '')
    .sort()
    .map((id) => ({ ...(read(`${id}/product.json`) as Omit<Row, 'table'>), table: read(`${id}/expected.json`) as Expected }))
}

function heading(verdict: Verdict): string {
  const label = VERDICT_LABELS[verdict]
  return label.charAt(0).toUpperCase() + label.slice(1)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** Writes the page when it has changed; tells whether it had. */
export function writeFieldPage(): boolean {
  if (fieldPageUpToDate()) return false
  writeFileSync(FILE, fieldPageText())
  return true
}

/** Is the page what the tables say? */
export function fieldPageUpToDate(): boolean {
  return existsSync(FILE) && readFileSync(FILE, 'utf8') === fieldPageText()
}
