import { nearest } from '#core/errors.ts'
import { described, type Plan } from '#core/plan.ts'
import type { Requirement } from '#core/requirement.ts'
import type { Anchor } from '#fixtures/load.ts'

/** What the tables know. */
export interface Known {
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly personas: ReadonlySet<string>
  readonly anchors: ReadonlyMap<string, Anchor>
}

/**
 * Do plans and tables meet? Ids that point nowhere, units of one name, controls that are not there, requirements that
 * nothing answers and say no reason, and reasons that have become untrue. Silent when there is no plan yet.
 */
export function lintPlan(plans: readonly Plan[], known: Known): readonly string[] {
  if (plans.length === 0) return []
  const units = plans.flatMap((plan) => plan.units)
  const ids = new Set(units.map(({ id }) => id))
  const pointed = new Set(units.flatMap((unit) => described(unit).requirements as readonly string[]))
  const dangling = units.flatMap((unit) => {
    const { requirements, anchors } = described(unit)
    const control = unit.kind === 'rule' ? undefined : unit.module.control
    return [
      ...(requirements.length === 0 ? [`${unit.id} ne répond à aucune exigence.`] : []),
      ...requirements.flatMap((id) => unknown(unit.id, "l'exigence", id, known.requirements.keys())),
      ...anchors.flatMap((id) => unknown(unit.id, 'le contrôle', id, known.anchors.keys())),
      ...(unit.kind === 'rule' ? [] : unknown(unit.id, 'la personne', unit.module.when.persona, known.personas)),
      ...(control === undefined ? [] : unknown(unit.id, 'le jumeau honnête', control, ids)),
    ]
  })
  return [
    ...dangling,
    ...repeated(units.map(({ id }) => id)).map((id) => `Deux épreuves s'appellent « ${id} ».`),
    ...[...known.requirements.values()].flatMap(({ id, notTested }) => {
      if (pointed.has(id)) return notTested === undefined ? [] : [`« ${id} » est éprouvée : retirez son « notTested ».`]
      return notTested === undefined ? [`Aucune épreuve ne répond à « ${id} » : ajoutez-en une, ou dites pourquoi dans « notTested ».`] : []
    }),
    ...[...known.anchors.values()].flatMap(({ id, answeredBy = [], reason }) => [
      ...answeredBy.flatMap((unit) => unknown(`fixtures/anchors.json (${id})`, "l'épreuve", unit, ids)),
      ...(answeredBy.length > 0 && reason !== undefined ? [`fixtures/anchors.json : « ${id} » a des réponses et une raison de n'en pas avoir.`] : []),
    ]),
  ]
}

function unknown(where: string, what: string, id: string, known: Iterable<string>): readonly string[] {
  const all = [...known]
  if (all.includes(id)) return []
  const near = nearest(id, all)
  return [
    `${where} nomme ${what} « ${id} », qui n'existe pas${near.length > 0 ? ` (vouliez-vous dire ${near.map((name) => `« ${name} »`).join(', ')} ?)` : ''}.`,
  ]
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}
