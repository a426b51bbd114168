import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachment, Label, Link, TestResult } from 'allure-js-commons'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Level, Register, Requirement } from '#core/requirement.ts'
import { VERDICT_LABELS } from '#core/verdict.ts'
import { describe } from './allure-description.ts'
import { ALLURE_STATUS, categoryRules, environmentProperties } from './allure-frame.ts'
import { steps } from './allure-steps.ts'
import { requirementsById } from './coverage.ts'
import { type Evidence, openEvidence } from './evidence.ts'
import { tellAsText } from './exchange.ts'
import { imageFacts } from './image.ts'
import { cut, oneLine } from './text.ts'
import { groupWord, KIND_WORDS, registerWord } from './words.ts'

type Known = ReturnType<typeof requirementsById>

/** Writes `<folder>/allure-results`, anew, from the record and the journals that it names. Returns its path. */
export function writeAllureResults(folder: string, record: RunRecord, registers: readonly Register[]): string {
  const results = join(folder, 'allure-results')
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  const write = (name: string, content: string | Buffer) => writeFileSync(join(results, name), content)
  const known = requirementsById(registers)
  const evidence = openEvidence(folder)
  for (const unit of record.units) {
    const result = toResult(record, unit, known, evidence, write)
    write(`${result.uuid}-result.json`, JSON.stringify(result))
  }
  write('categories.json', JSON.stringify(categoryRules()))
  write('environment.properties', environmentProperties(record))
  write('executor.json', JSON.stringify({ name: 'HospiCert', type: 'hospicert', buildName: record.id, reportName: oneLine(record.plan.title) }))
  return results
}

function toResult(
  record: RunRecord,
  unit: UnitRecord,
  known: Known,
  evidence: Evidence,
  write: (name: string, content: string | Buffer) => void,
): TestResult {
  const uuid = stableUuid(`${record.id} ${unit.id}`)
  const journal = evidence.journal(unit.evidence.journal)
  const required = unit.requirements.flatMap((id) => known.get(id)?.requirement ?? [])
  const start = Date.parse(unit.startedAt)
  const attachments: Attachment[] = []
  const attach = (name: string, type: string, extension: string, content: string | Buffer | undefined) => {
    if (content === undefined) return
    const source = `${uuid}-${attachments.length}-attachment${extension}`
    write(source, content)
    attachments.push({ name, type, source })
  }
  for (const { path, title } of unit.evidence.screenshots) {
    const picture = evidence.bytes(path)
    const facts = picture && imageFacts(picture)
    if (facts) attach(`Ce qu'a vu le professionnel — ${oneLine(title)}`, facts.mime, `.${facts.type}`, picture)
  }
  if (journal.length > 0) {
    attach("L'échange (texte)", 'text/plain', '.txt', tellAsText(journal))
    attach("L'échange (JSON)", 'application/json', '.json', JSON.stringify(journal, null, 2))
  }
  return {
    uuid,
    historyId: stableUuid(unit.id),
    testCaseId: stableUuid(unit.id),
    name: oneLine(unit.title),
    fullName: unit.id,
    titlePath: [oneLine(record.plan.title), groupWord(unit.id)],
    status: ALLURE_STATUS[unit.verdict],
    statusDetails: { message: `${capital(VERDICT_LABELS[unit.verdict])} — ${oneLine(unit.reason)}` },
    stage: 'finished' as TestResult['stage'],
    descriptionHtml: describe(unit, required, journal),
    steps: steps(unit, journal),
    attachments,
    parameters: [],
    labels: labels(record, unit, known),
    links: links(required),
    start,
    stop: start + unit.duration,
  }
}

function labels(record: RunRecord, unit: UnitRecord, known: Known): Label[] {
  const first = unit.requirements.map((id) => known.get(id)).find((found) => found !== undefined)
  const label = (name: string, ...values: readonly string[]) => values.map((value) => ({ name, value: oneLine(value) }))
  return [
    ...label('epic', first ? registerWord(first.register) : record.plan.title),
    ...label('feature', groupWord(unit.id)),
    ...label('story', first ? `${clause(first.requirement)} — ${cut(oneLine(first.requirement.text), 110)}` : KIND_WORDS[unit.kind]),
    ...label('parentSuite', record.plan.title),
    ...label('suite', groupWord(unit.id)),
    ...label('severity', severity(unit.requirements.map((id) => known.get(id)?.requirement.level))),
    ...label('tag', VERDICT_LABELS[unit.verdict]),
    ...label('verdict', unit.verdict),
    ...label('requirement', ...unit.requirements),
    ...label('anchor', ...unit.anchors),
    ...label('kind', unit.kind),
    ...label('framework', 'hospicert'),
    ...label('thread', String(unit.worker)),
    ...(unit.acceptedRisk ? label('owner', unit.acceptedRisk.owner) : []),
  ]
}

/** The sources of the requirements, once each. */
function links(required: readonly Requirement[]): Link[] {
  return required.flatMap(({ id, source }) =>
    source.url && /^https?:\/\//.test(source.url) ? [{ type: 'requirement', name: id, url: source.url }] : [],
  )
}

function severity(levels: readonly (Level | undefined)[]): string {
  if (levels.includes('doit')) return 'critical'
  return levels.includes('recommandé') ? 'normal' : 'minor'
}

function clause({ id, officialNumber }: Requirement): string {
  return officialNumber ?? id.slice(id.indexOf('/') + 1)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The same run and unit give the same file, so that reports made twice can be compared. */
function stableUuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
