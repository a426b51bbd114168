import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plan } from '#core/plan.ts'
import type { Register } from '#core/requirement.ts'
import { type Anchor, files, type Persona, read } from '#fixtures/load.ts'
import { type SchemaName, violations } from '#fixtures/validate.ts'
import { catalogueUpToDate, unanswered } from './catalogue.ts'
import { fieldPageUpToDate } from './field-page.ts'
import { byId, idsUpToDate } from './generate-ids.ts'
import { type Known, lintPlan } from './plan-lint.ts'

const root = join(import.meta.dirname, '..')

/** Every fault of the tables, one French sentence each; none when all is well. */
export async function lintTables(): Promise<readonly string[]> {
  const shapes = lintShapes()
  if (shapes.length > 0) return shapes
  const registers = files('requirements/*.json').map((path) => ({ path, register: read<Register>(path) }))
  const personas = files('personas/*.json').map((path) => ({ path, persona: read<Persona>(path) }))
  const { anchors } = read<{ anchors: readonly Anchor[] }>('anchors.json')
  const known: Known = {
    requirements: new Map(registers.flatMap(({ register }) => register.requirements.map((requirement) => [requirement.id, requirement]))),
    personas: new Set(personas.map(({ persona }) => persona.id)),
    anchors: new Map(anchors.map((anchor) => [anchor.id, anchor])),
  }
  const plans = await loadPlans()
  return [
    ...registers.flatMap(({ path, register }) => lintRegister(path, register)),
    ...personas.flatMap(({ path, persona }) => lintPersona(path, persona)),
    ...lintOrder(
      'anchors.json',
      anchors.map(({ id }) => id),
    ),
    ...(idsUpToDate() ? [] : ['fixtures/generated/ids.ts ne correspond plus aux tables : lancez « npm run generate ».']),
    ...(fieldPageUpToDate() ? [] : ['docs/terrain.md ne correspond plus aux résultats attendus : lancez « npm run generate ».']),
    ...lintPlan(plans, known),
    ...plans.flatMap((plan) =>
      unanswered(plan).map((id) => `Aucune épreuve ne répond au contrôle « ${id} » : ajoutez-en une, ou dites pourquoi dans « reason ».`),
    ),
    ...(plans.every(catalogueUpToDate) ? [] : ['docs/catalogue.md ne correspond plus au plan : lancez « npm run generate ».']),
  ]
}

/** A register is named after itself, and its rows after it, in the order of their ids. */
export function lintRegister(path: string, { id, edition, requirements }: Register): readonly string[] {
  const own = `${id}@${edition}`
  const ids = requirements.map((requirement) => requirement.id)
  return [
    ...(path === `requirements/${own}.json` ? [] : [`fixtures/${path} devrait s'appeler ${own}.json.`]),
    ...ids.filter((row) => !row.startsWith(`${own}/`)).map((row) => `fixtures/${path} : « ${row} » devrait commencer par « ${own}/ ».`),
    ...lintOrder(path, ids),
  ]
}

function lintPersona(path: string, { id, idNat, account, claims }: Persona): readonly string[] {
  const same = [claims.SubjectNameID === idNat, claims.preferred_username === idNat, claims.sub === account.sub, account.sub.endsWith(`:${idNat}`)]
  return [
    ...(path === `personas/${id}.json` ? [] : [`fixtures/${path} devrait s'appeler ${id}.json.`]),
    ...(same.every(Boolean) ? [] : [`fixtures/${path} : l'identifiant national n'est pas le même partout.`]),
  ]
}

/** Each id once, in order; numbers inside an id count as numbers. */
export function lintOrder(path: string, ids: readonly string[]): readonly string[] {
  return ids.slice(1).flatMap((id, index) => {
    const before = ids[index] ?? ''
    if (id === before) return [`fixtures/${path} : « ${id} » figure deux fois.`]
    return byId(before, id) < 0 ? [] : [`fixtures/${path} : « ${id} » se range avant « ${before} ».`]
  })
}

/** Every JSON file of the house that has a schema: the tables, the rows of the suites, the target files. */
function lintShapes(): readonly string[] {
  const kinds: readonly (readonly [string, SchemaName])[] = [
    ['fixtures/requirements/*.json', 'register'],
    ['fixtures/personas/*.json', 'persona'],
    ['fixtures/anchors.json', 'anchors'],
    ['fixtures/oidf-rp.json', 'other-suite'],
    ['fixtures/advice/*.json', 'advice'],
    ['fixtures/advice/signs/*.json', 'advice-signs'],
    ['suites/**/*cases.json', 'cases'],
    ['targets/**/*.target.json', 'target'],
  ]
  return kinds.flatMap(([pattern, schema]) =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }).flatMap((found) => {
      const path = found.split(sep).join('/')
      try {
        const document = JSON.parse(readFileSync(join(root, path), 'utf8')) as { readonly $schema?: string }
        const reference = document.$schema
        return [
          ...violations(schema, document).map(({ path: where, sentence }) => `${path} → ${where || '(racine)'} : ${sentence}.`),
          ...(reference === undefined || existsSync(join(root, dirname(path), reference))
            ? []
            : [`${path} : son schéma « ${reference} » n'existe pas.`]),
        ]
      } catch (error) {
        return [`${path} ne se lit pas : ${(error as Error).message}.`]
      }
    }),
  )
}

/** The plans of the suites; none as long as no suite is written. */
async function loadPlans(): Promise<readonly Plan[]> {
  const file = join(root, 'suites', 'plans.ts')
  if (!existsSync(file)) return []
  const { loadPlan } = (await import(pathToFileURL(file).href)) as { loadPlan(id: string): Promise<Plan> }
  return [await loadPlan('relying-party')]
}

if (import.meta.main) {
  const found = await lintTables()
  for (const sentence of found) console.error(sentence)
  process.exitCode = found.length > 0 ? 1 : 0
}
