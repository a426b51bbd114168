import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Requirement } from '#core/requirement.ts'
import type { Verdict } from '#core/verdict.ts'
import type { RequirementCoverage } from '../coverage.ts'
import { diffLines } from '../diff.ts'
import { canarySentence, controlSentence, deliverySentence, riskSentence } from '../witness.ts'
import { CONFIDENCE_WORDS, durationWord, KIND_WORDS, LEVEL_WORDS } from '../words.ts'

export interface DossierRequirement {
  readonly id: string
  readonly officialNumber?: string
  readonly text: string
  readonly level: string
  readonly confidence: string
  readonly source: string
  readonly sourceUrl?: string
  readonly verdict: Verdict
  /** Units told here in full. */
  readonly units: readonly DossierUnit[]
  /** Units that stand in full under an earlier requirement. */
  readonly cited: readonly DossierUnit[]
}

export interface DossierUnit {
  readonly number: number
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly verdict: Verdict
  readonly reason: string
  /** Empty when the title says it already. */
  readonly expected: string
  readonly duration: string
  readonly faults: readonly { readonly title: string; readonly site: string; readonly diff: readonly string[] }[]
  /** Control, delivery, canary, accepted risk: sentences. */
  readonly witness: readonly string[]
  readonly findings: readonly { readonly verdict: Verdict; readonly expected: string; readonly observed: string; readonly where: string }[]
  /** How to mend it; absent when there is nothing to mend. */
  readonly mend?: string
  readonly references: readonly { readonly path: string; readonly sha256?: string }[]
  readonly pictures: RunRecord['units'][number]['evidence']['screenshots']
}

/** Longest value of a diff in the dossier: the whole value is in the journal. */
const DIFF_WIDTH = 240

export function requirementPart(row: RequirementCoverage, part: (unit: UnitRecord) => DossierUnit, told: Set<string>): DossierRequirement {
  const { requirement, verdict, units } = row
  const fresh = units.filter(({ id }) => !told.has(id))
  for (const { id } of fresh) told.add(id)
  return {
    id: requirement.id,
    ...(requirement.officialNumber ? { officialNumber: requirement.officialNumber } : {}),
    text: requirement.text,
    level: LEVEL_WORDS[requirement.level],
    confidence: CONFIDENCE_WORDS[requirement.confidence],
    ...source(requirement),
    verdict: verdict ?? 'inconclusive',
    units: fresh.map(part),
    cited: units.filter((unit) => !fresh.includes(unit)).map(part),
  }
}

export function unitPart(unit: UnitRecord, number: number, digests: ReadonlyMap<string, string>): DossierUnit {
  const paths = [unit.evidence.journal, ...unit.evidence.screenshots.map(({ path }) => path)].filter((path) => path !== undefined)
  const mendable = unit.verdict !== 'pass' && unit.verdict !== 'inapplicable' && unit.verdict !== 'error'
  return {
    number,
    id: unit.id,
    kind: KIND_WORDS[unit.kind],
    title: unit.title,
    verdict: unit.verdict,
    reason: unit.reason,
    expected: unit.expected === unit.title ? '' : unit.expected,
    duration: durationWord(unit.duration),
    faults: unit.faults.map(({ title, site, changes }) => ({ title, site, diff: changes.flatMap((change) => diffLines(change, DIFF_WIDTH)) })),
    witness: [controlSentence(unit), deliverySentence(unit), canarySentence(unit), riskSentence(unit)].filter(Boolean),
    findings: unit.findings.map(({ verdict, expected, observed, entries }) => ({
      verdict,
      expected,
      observed,
      where: entries && entries.length > 0 ? `${entries.length > 1 ? 'entrées' : 'entrée'} ${entries.join(', ')} du journal` : '',
    })),
    ...(mendable && unit.mend ? { mend: unit.mend } : {}),
    references: paths.map((path) => ({ path, ...withDigest(digests.get(path)) })),
    pictures: unit.evidence.screenshots,
  }
}

function withDigest(sha256: string | undefined): { sha256?: string } {
  return sha256 === undefined ? {} : { sha256 }
}

function source({ source: { document, section, url } }: Requirement): { source: string; sourceUrl?: string } {
  const text = section ? `${document}, § ${section}` : document
  return { source: text, ...(url && /^https?:\/\//.test(url) ? { sourceUrl: url } : {}) }
}
