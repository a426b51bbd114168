import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { described, type Plan } from '#core/plan.ts'
import { type Anchor, anchors, read } from '#fixtures/load.ts'

const FILE = new URL('../docs/catalogue.md', import.meta.url)

/** The modules of another suite, with the checks of the catalogue that they carry (`fixtures/schema/other-suite.schema.json`). */
interface OtherSuite {
  readonly title: string
  readonly source: string
  readonly readOn: string
  readonly modules: readonly { readonly id: string; readonly plans: readonly string[]; readonly anchors: readonly string[] }[]
}

/** Which units answer each check of the catalogue: their ids, by anchor. */
function answers(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const unit of plan.units) for (const id of described(unit).anchors) found.set(id, [...(found.get(id) ?? []), unit.id])
  for (const { id, answeredBy = [] } of anchors().values()) if (answeredBy.length > 0) found.set(id, [...(found.get(id) ?? []), ...answeredBy])
  return found
}

/** The checks that no unit answers and that say no reason. */
export function unanswered(plan: Plan): readonly string[] {
  const found = answers(plan)
  return [...anchors().values()].filter(({ id, reason }) => !found.has(id) && reason === undefined).map(({ id }) => id)
}

/** The text of `docs/catalogue.md`: every check with its units or its reason, then the comparison with the other suite. */
export function catalogueText(plan: Plan): string {
  const found = answers(plan)
  const groups = Map.groupBy(anchors().values(), ({ group }) => group)
  const open = unanswered(plan)
  const other = read<OtherSuite>('oidf-rp.json')
  const theirs = new Set(other.modules.flatMap((module) => module.anchors))
  const both = other.modules.filter((module) => module.anchors.some((id) => found.has(id)))
  const alone = plan.units.filter((unit) => !described(unit).anchors.some((id) => theirs.has(id)))
  return [
    '# Le catalogue des contrôles et les épreuves qui y répondent',
    '',
    '<!-- Écrit par « hospicert generate » ; ne pas modifier à la main. -->',
    '',
    `${plan.units.length} épreuves répondent à ${found.size} des ${anchors().size} contrôles du catalogue ; les autres disent pourquoi ils ne concernent pas un DPI du programme.`,
    '',
    ...(open.length > 0 ? [`Encore sans réponse ni motif : ${open.join(', ')}.`, ''] : []),
    ...[...groups].flatMap(([group, members]) => [`## ${group}`, '', ...table(members, found), '']),
    `## Comparaison avec la ${other.title.replace(/^S/, 's')}`,
    '',
    `Les ${other.modules.length} modules de ses plans pour un relying party ([source](${other.source}), version lue le ${other.readOn}) : ${both.length} ont ici leur épreuve,`,
    `${other.modules.length - both.length} ne concernent pas un DPI du programme. ${alone.length} épreuves n'ont pas d'équivalent là-bas.`,
    '',
    '| Module | Plans | Contrôle | Ici |',
    '| --- | --- | --- | --- |',
    ...other.modules.map(
      (module) =>
        `| \`${module.id}\` | ${module.plans.join(', ')} | ${module.anchors.join(', ')} | ${module.anchors.map((id) => answer(id, found)).join(' ; ')} |`,
    ),
    '',
    '### Ce que nous seuls éprouvons',
    '',
    ...alone.map((unit) => `- \`${unit.id}\` – ${described(unit).title}`),
    '',
  ].join('\n')
}

function table(members: readonly Anchor[], found: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [
    '| Contrôle | Ce qui est éprouvé | Épreuves, ou motif |',
    '| --- | --- | --- |',
    ...members.map(({ id, title }) => `| ${id} | ${cell(title)} | ${answer(id, found)} |`),
  ]
}

function answer(id: string, found: ReadonlyMap<string, readonly string[]>): string {
  const units = found.get(id)
  if (units)
    return folded(units)
      .map((unit) => `\`${unit}\``)
      .join(', ')
  return `_${cell([...anchors().values()].find((anchor) => anchor.id === id)?.reason ?? 'sans réponse')}_`
}

/** Many rows or variants of one module are told as one. */
function folded(units: readonly string[]): readonly string[] {
  const byModule = Map.groupBy(new Set(units), (id) => id.replace(/[#@].*$/, ''))
  return [...byModule].flatMap(([module, ids]) => (ids.length > 3 ? [`${module} (${ids.length})`] : ids))
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** Writes the document when it has changed; tells whether it had. */
export function writeCatalogue(plan: Plan): boolean {
  if (catalogueUpToDate(plan)) return false
  writeFileSync(FILE, catalogueText(plan))
  return true
}

/** Is the document what the tables say? */
export function catalogueUpToDate(plan: Plan): boolean {
  return existsSync(FILE) && readFileSync(FILE, 'utf8') === catalogueText(plan)
}
