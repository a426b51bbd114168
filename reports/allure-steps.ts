import type { StepResult } from 'allure-js-commons'
import type { Journal } from '#core/journal.ts'
import type { UnitRecord } from '#core/record.ts'
import { tell } from './exchange.ts'
import { oneLine } from './text.ts'

/** The journal as steps; those that a finding points at are red, or orange, and carry its words. */
export function steps(unit: UnitRecord, journal: Journal): StepResult[] {
  const pointed = new Map(
    unit.findings.flatMap((finding) => (finding.verdict === 'pass' ? [] : (finding.entries ?? []).map((seq) => [seq, finding] as const))),
  )
  return tell(journal).map(({ number, entry, line, params, more }) => {
    const finding = pointed.get(entry.seq)
    const at = Date.parse(entry.at)
    const status = finding ? (finding.verdict === 'fail' ? 'failed' : 'broken') : entry.kind === 'trouble' ? 'broken' : 'passed'
    return {
      name: `${number}. ${line}`,
      status,
      stage: 'finished',
      statusDetails: finding ? { message: `Attendu : ${oneLine(finding.expected)}\nObservé : ${oneLine(finding.observed)}` } : {},
      steps: more.map((text) => ({ ...EMPTY, name: text, status: 'passed', start: at, stop: at })),
      attachments: [],
      parameters: params.map(([name, value]) => ({ name, value })),
      start: at,
      stop: at,
    } as unknown as StepResult
  })
}

const EMPTY = { stage: 'finished', statusDetails: {}, steps: [], attachments: [], parameters: [] }
