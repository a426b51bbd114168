import { existsSync, globSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { HarnessError, nearest } from '#core/errors.ts'
import { compose } from '#core/fault.ts'
import type { Module, Row, Rule } from '#core/module.ts'
import { described, matches, type Plan, type Unit, unfold } from '#core/plan.ts'
import type { Target, TargetRole } from '#core/target.ts'
import { variantOf } from '#core/variant.ts'
import { requirement } from '#fixtures/load.ts'

const PLANS: Readonly<Record<TargetRole, { readonly folder: string; readonly prefix: string; readonly title: string }>> = {
  'relying-party': { folder: 'relying-party', prefix: 'rp', title: "Connecteur OpenID Connect d'un DPI face à Pro Santé Connect" },
}

/**
 * The plan of a role, or of one target of that role: without the variants that it does not declare. It holds its modules and rows in the order of their ids, then its rules. A module's id equals its path, its
 * requirements exist, its faults do not contradict each other: checked here, at load.
 */
export async function loadPlan(role: TargetRole, target?: Pick<Target, 'variants'>): Promise<Plan> {
  const { folder, prefix, title } = PLANS[role]
  const root = new URL(`${folder}/`, import.meta.url).pathname
  const paths = globSync('**/*.{module,rule}.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
  const units: Unit[] = []
  const rules: Unit[] = []
  for (const path of paths) {
    const id = `${prefix}/${path.replace(/\.(module|rule)\.ts$/, '')}`
    const { default: loaded } = (await import(pathToFileURL(root + path).href)) as { default: Module | Rule }
    if (loaded.id !== id) throw new Error(`${folder}/${path}: the id is "${loaded.id}", the path says "${id}"`)
    if ('judge' in loaded) rules.push({ kind: 'rule', id, rule: loaded })
    else units.push(...unfold(loaded, rowsOf(root + path)))
  }
  const declared = target && Object.keys(target.variants ?? {})
  const asked = units.filter(({ id }) => {
    const variant = variantOf(id)
    return !declared || !variant || declared.includes(variant)
  })
  const plan = { id: role, title, units: [...asked, ...rules] }
  for (const unit of plan.units) {
    for (const required of described(unit).requirements) requirement(required)
    if (unit.kind === 'rule') continue
    compose(...(unit.module.faults?.op ?? []))
    compose(...(unit.module.faults?.hostile ?? []))
  }
  return plan
}

function rowsOf(module: string): readonly Row[] {
  const file = module.replace(/\.module\.ts$/, '.cases.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]) : []
}

/**
 * The units that patterns choose (`rp/id-token/*`); none chosen means all. Controls are played on demand, so they need not be chosen.
 * @throws HarnessError `UNKNOWN_MODULE` when a pattern chooses nothing.
 */
export function select(plan: Plan, patterns: readonly string[]): readonly Unit[] {
  if (patterns.length === 0) return plan.units
  for (const pattern of patterns) {
    if (plan.units.some(({ id }) => matches(id, pattern))) continue
    const near = nearest(
      pattern,
      plan.units.map(({ id }) => id),
    )
    throw new HarnessError('UNKNOWN_MODULE', `Aucun module ne répond à « ${pattern} ».`, {
      fix:
        near.length > 0
          ? `Vouliez-vous dire ${near.map((id) => `« ${id} »`).join(', ')} ? La liste : hospicert list.`
          : 'La liste des modules : hospicert list.',
      place: { path: '--module' },
    })
  }
  return plan.units.filter(({ id }) => patterns.some((pattern) => matches(id, pattern)))
}
