import type { RunRecord } from '#core/record.ts'
import type { Register } from '#core/requirement.ts'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'
import { coverage } from './coverage.ts'
import type { SummaryReports } from './summary.ts'
import { exitMeaning } from './words.ts'

/** The end of a run for a program (`--json`): what printSummary tells, in a closed shape. Later versions only add members. */
export interface SummaryJson {
  readonly schemaVersion: 1
  readonly run: string
  readonly folder: string
  readonly status: RunRecord['status']
  readonly verdict: Verdict
  readonly label: string
  readonly exitCode: RunRecord['exitCode']
  readonly meaning: string
  readonly counts: Readonly<Record<Verdict, number>>
  readonly selected: number
  readonly judged: number
  readonly requirements: readonly {
    readonly id: string
    readonly verdict: Verdict | null
    readonly units: readonly string[]
    readonly blank: string | null
  }[]
  readonly units: readonly { readonly id: string; readonly verdict: Verdict; readonly reason: string }[]
  readonly failure: RunRecord['failure'] | null
  readonly reports: Readonly<Record<string, string>>
  readonly problems: readonly string[]
}

/** @example console.log(JSON.stringify(summaryJson(folder, record, registers, reports))) */
export function summaryJson(folder: string, record: RunRecord, registers: readonly Register[], reports: SummaryReports): SummaryJson {
  const { units, status, verdict, exitCode } = record
  return {
    schemaVersion: 1,
    run: record.id,
    folder,
    status,
    verdict,
    label: VERDICT_LABELS[verdict],
    exitCode,
    meaning: exitMeaning(record),
    counts: Object.fromEntries(VERDICTS.map((one) => [one, units.filter((unit) => unit.verdict === one).length])) as Record<Verdict, number>,
    selected: record.plan.selected,
    judged: units.length,
    requirements: coverage(record, registers).registers.flatMap(({ rows }) =>
      rows.map((row) => ({ id: row.requirement.id, verdict: row.verdict, units: row.units.map(({ id }) => id), blank: row.blank })),
    ),
    units: units.map((unit) => ({ id: unit.id, verdict: unit.verdict, reason: unit.reason })),
    failure: record.failure ?? null,
    reports: Object.fromEntries(reports.files),
    problems: reports.problems,
  }
}
