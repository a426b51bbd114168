import type { Exclusive, Module, Row, Rule } from './module.ts'
import { VARIANTS, type Variant, type VariantId } from './variant.ts'

export type UnitKind = 'module' | 'row' | 'rule' | 'attestation'

/** One judged thing of a plan. Modules and rows carry a `module`, rules a `rule`. */
export type Unit =
  | { readonly kind: 'module' | 'row' | 'attestation'; readonly id: string; readonly module: Module }
  | { readonly kind: 'rule'; readonly id: string; readonly rule: Rule }

export interface Plan {
  readonly id: string
  /** French. */
  readonly title: string
  readonly units: readonly Unit[]
}

/** What `hospicert list --json` prints of a unit. */
export interface ListedUnit {
  readonly id: string
  readonly kind: UnitKind
  readonly title: string
  readonly requirements: readonly string[]
  readonly anchors: readonly string[]
  readonly catches: readonly string[]
  readonly exclusive: Exclusive | null
}

/** The members that modules and rules share. */
export function described(unit: Unit): Module | Rule {
  return unit.kind === 'rule' ? unit.rule : unit.module
}

export function listed(unit: Unit): ListedUnit {
  const { title, requirements, anchors, catches } = described(unit)
  return {
    id: unit.id,
    kind: unit.kind,
    title,
    requirements,
    anchors,
    catches,
    exclusive: unit.kind === 'rule' ? null : (unit.module.exclusive ?? null),
  }
}

/** A module, its rows and its variants, flattened: with rows, only the rows are judged. */
export function unfold(module: Module, rows: readonly Row[] = []): Unit[] {
  const units = unfoldRows(module, rows)
  const wanted = (Object.keys(VARIANTS) as VariantId[]).filter((id) => module.variants?.includes(VARIANTS[id].kind))
  return [...units, ...wanted.flatMap((variant) => units.map((unit) => varied(unit, variant)))]
}

/** The same unit, played on the product configured otherwise; its control is the one of that configuration. */
function varied(unit: Unit, variant: VariantId): Unit {
  if (unit.kind === 'rule') return unit
  const { module } = unit
  const id = `${unit.id}@${variant}`
  const { anchors, catches = [], title }: Variant = VARIANTS[variant]
  return {
    ...unit,
    id,
    module: {
      ...module,
      id,
      variant,
      anchors: [...new Set([...module.anchors, ...anchors])],
      catches: module.control === undefined ? [...module.catches, ...catches] : module.catches,
      title: `${module.title} (${title})`,
      ...(module.control === undefined ? {} : { control: `${module.control}@${variant}` }),
    },
  }
}

function unfoldRows(module: Module, rows: readonly Row[]): Unit[] {
  if (rows.length === 0) return [{ kind: module.then.expect === 'attested' ? 'attestation' : 'module', id: module.id, module }]
  return rows.map((row): Unit => {
    const id = `${module.id}#${row.row}`
    return {
      kind: 'row',
      id,
      module: {
        ...module,
        id,
        title: row.title,
        requirements: row.requirements ?? module.requirements,
        anchors: row.anchors ?? module.anchors,
        catches: row.catches ?? module.catches,
        mend: row.mend ?? module.mend,
        appliesTo: { ...module.appliesTo, needs: [...module.appliesTo.needs, ...(row.needs ?? [])] },
        when: whenOf(module, row),
        then: thenOf(module.then, row),
        ...(row.faults ? { faults: row.faults } : {}),
        ...(row.exclusive ? { exclusive: row.exclusive } : {}),
      },
    }
  })
}

/** What a row adds: facts beside the acceptance or the refusal, or the facts to observe themselves. */
function thenOf(then: Module['then'], { also }: Row): Module['then'] {
  if (!also || then.expect === 'attested') return then
  return then.expect === 'observed' ? { ...then, facts: also } : { ...then, also }
}

function whenOf({ when }: Module, row: Row): Module['when'] {
  const who = { ...(row.persona ? { persona: row.persona } : {}), ...(row.means ? { means: row.means } : {}) }
  if (when.do !== 'scenario') return { ...when, ...who }
  return { ...when, ...who, ...(row.steps ? { steps: row.steps } : {}), ...(row.headers ? { headers: row.headers } : {}) }
}

/**
 * Does an id answer a pattern? `*` stands for any run of characters but `/`, `#` and `@`, `**` for any run. A module's pattern chooses its
 * rows; variants are chosen by name (`rp/login/nominal@*`) or by `**`.
 */
export function matches(id: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/#@]*')
    .replaceAll('\u0000', '.*')
  return new RegExp(`^${source}$`).test(id) || new RegExp(`^${source}#[^@]*$`).test(id)
}
