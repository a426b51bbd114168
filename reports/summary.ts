import { relative } from 'node:path'
import type { RunRecord, UnitRecord } from '#core/record.ts'
import type { Register } from '#core/requirement.ts'
import { VERDICT_LABELS, VERDICTS, type Verdict } from '#core/verdict.ts'
import { coverage, type RegisterCoverage } from './coverage.ts'
import { paint, type Terminal } from './terminal.ts'
import { cut, oneLine } from './text.ts'
import { counted, exitMeaning, registerWord, STATUS_WORDS, VERDICT_SYMBOLS } from './words.ts'

/** What the reports were written to, and what could not be; see publish.ts. */
export interface SummaryReports {
  readonly files: readonly (readonly [title: string, path: string])[]
  readonly problems: readonly string[]
}

/** The end of a run for a person: by requirement, then what is not conform, then the totals, the reports and the exit code. */
export function printSummary(out: Terminal, folder: string, record: RunRecord, registers: readonly Register[], reports: SummaryReports): void {
  const line = (text = '') => out.write(`${text}\n`)
  const { registers: covered, outside } = coverage(record, registers)
  line()
  for (const register of covered.filter(({ verdict }) => verdict !== null)) printRegister(out, register)
  if (outside.length > 0) line(`Épreuves sans exigence connue : ${outside.map(({ id }) => oneLine(id)).join(', ')}\n`)

  const open = record.units.filter(({ verdict }) => verdict !== 'pass')
  if (open.length > 0) line(`Épreuves dont le verdict n'est pas « conforme » (${open.length})\n`)
  for (const verdict of VERDICTS) for (const unit of open.filter((one) => one.verdict === verdict)) printUnit(out, folder, unit)

  if (record.failure) line(`L'exécution n'a pas pu aller à son terme : ${oneLine(record.failure.message)} ${oneLine(record.failure.fix)}\n`)
  for (const problem of reports.problems) line(`Rapport manquant : ${oneLine(problem)}`)
  for (const [title, path] of reports.files) line(`${title.padEnd(24)} ${relative('.', path) || path}`)
  line()
  line(`Exécution ${STATUS_WORDS[record.status]} : ${totals(record)}`)
  line(paint(out, record.verdict, `Code de sortie ${record.exitCode} : ${exitMeaning(record)}.`))
}

/** @example totals(record) === '9 épreuves jugées sur 12 : conforme 7, non conforme 1, sans objet 1' */
export function totals({ units, plan }: RunRecord): string {
  const counts = VERDICTS.toReversed().map((verdict) => [verdict, units.filter((unit) => unit.verdict === verdict).length] as const)
  const words = counts.filter(([, count]) => count > 0).map(([verdict, count]) => `${VERDICT_LABELS[verdict]} ${count}`)
  return `${counted(units.length, 'épreuve jugée', 'épreuves jugées')} sur ${Math.max(plan.selected, units.length)}${words.length > 0 ? ` : ${words.join(', ')}` : ''}`
}

function printRegister(out: Terminal, { register, rows }: RegisterCoverage): void {
  const judged = rows.filter(({ verdict }) => verdict !== null)
  out.write(`${oneLine(registerWord(register))} — ${judged.length} sur ${counted(rows.length, 'exigence')}\n`)
  const width = Math.max(...judged.map(({ requirement }) => clause(requirement.id).length))
  for (const { requirement, verdict, units } of judged) {
    if (verdict === null) continue
    const head = `  ${verdictWords(verdict)}  ${clause(requirement.id).padEnd(width)}  `
    const tail = `  [${counted(units.length, 'épreuve')}]`
    out.write(`${paint(out, verdict, head)}${cut(oneLine(requirement.text), Math.max(20, out.columns - head.length - tail.length))}${tail}\n`)
  }
  const blank = rows.length - judged.length
  if (blank > 0) out.write(`  ${counted(blank, 'exigence')} sans épreuve ici ; le motif de chacune est dans le dossier.\n`)
  out.write('\n')
}

function printUnit(out: Terminal, folder: string, unit: UnitRecord): void {
  const line = (name: string, text: string) => text && out.write(`      ${name.padEnd(9)} ${cut(oneLine(text), 400)}\n`)
  out.write(`  ${paint(out, unit.verdict, verdictWords(unit.verdict))}  ${oneLine(unit.id)} — ${oneLine(unit.title)}\n`)
  line('motif', unit.reason)
  for (const { verdict, expected, observed } of unit.findings) {
    if (verdict === 'pass') continue
    line('attendu', expected)
    if (observed !== unit.reason) line('observé', observed)
  }
  if (unit.verdict === 'fail' || unit.verdict === 'warning') line('corriger', unit.mend)
  if (unit.acceptedRisk) line('accepté', `par ${unit.acceptedRisk.owner} jusqu'au ${unit.acceptedRisk.until} : ${unit.acceptedRisk.justification}`)
  const { journal, screenshots } = unit.evidence
  const paths = [journal, ...screenshots.map(({ path }) => path)].filter((path) => path !== undefined)
  if (paths.length > 0) line('preuves', paths.map((path) => relative('.', `${folder}/${path}`)).join('  '))
  out.write('\n')
}

function verdictWords(verdict: Verdict): string {
  const width = Math.max(...Object.values(VERDICT_LABELS).map((label) => label.length))
  return `${VERDICT_SYMBOLS[verdict]} ${VERDICT_LABELS[verdict].padEnd(width)}`
}

/** The part of an id that tells requirements of one register apart. */
function clause(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}
