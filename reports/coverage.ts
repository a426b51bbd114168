import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Register, Requirement } from '#core/requirement.ts'
import { type Verdict, worst } from '#core/verdict.ts'

/** What the run says of one requirement. */
export interface RequirementCoverage {
  readonly requirement: Requirement
  readonly units: readonly UnitRecord[]
  /** Worst verdict of its units; null when none was judged. */
  readonly verdict: Verdict | null
  /** Why no unit answers: the register's own words, or that this run did not judge any. Null when one does. */
  readonly blank: string | null
  /** Blank although the register gives no reason for it. */
  readonly gap: boolean
}

export interface RegisterCoverage {
  readonly register: Register
  readonly rows: readonly RequirementCoverage[]
  /** Worst verdict of the rows that were judged; null when none was. */
  readonly verdict: Verdict | null
}

export interface Coverage {
  readonly registers: readonly RegisterCoverage[]
  /** Units none of whose requirements stands in a register: nothing that was judged may vanish from a report. */
  readonly outside: readonly UnitRecord[]
}

/** Said of a requirement that no unit of this run answers and for which its register gives no reason. */
export const NOT_JUDGED = "Aucune épreuve de cette exécution n'y répond."

/** By register, then by requirement, in the order of the registers. */
export function coverage(record: RunRecord, registers: readonly Register[]): Coverage {
  const byRequirement = Map.groupBy(
    record.units.flatMap((unit) => unit.requirements.map((id) => ({ id: id as string, unit }))),
    ({ id }) => id,
  )
  const known = new Set<string>(registers.flatMap(({ requirements }) => requirements.map(({ id }) => id)))
  return {
    registers: registers.map((register) => {
      const rows = register.requirements.map((requirement) =>
        row(
          requirement,
          (byRequirement.get(requirement.id) ?? []).map(({ unit }) => unit),
        ),
      )
      const verdicts = rows.flatMap(({ verdict }) => verdict ?? [])
      return { register, rows, verdict: verdicts.length > 0 ? worst(verdicts) : null }
    }),
    outside: record.units.filter((unit) => !unit.requirements.some((id) => known.has(id))),
  }
}

/** Requirement by id, for whoever starts from a unit. */
export function requirementsById(
  registers: readonly Register[],
): ReadonlyMap<string, { readonly requirement: Requirement; readonly register: Register }> {
  return new Map(
    registers.flatMap((register) => register.requirements.map((requirement) => [requirement.id as string, { requirement, register }] as const)),
  )
}

function row(requirement: Requirement, units: readonly UnitRecord[]): RequirementCoverage {
  const judged = units.length > 0
  return {
    requirement,
    units,
    verdict: judged ? worst(units.map(({ verdict }) => verdict)) : null,
    blank: judged ? null : (requirement.notTested ?? NOT_JUDGED),
    gap: !judged && requirement.notTested === undefined,
  }
}
