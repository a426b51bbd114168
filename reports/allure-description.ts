import type { Journal } from '#core/journal.ts'
import type { UnitRecord } from '#core/record.ts'
import type { Requirement } from '#core/requirement.ts'
import { VERDICT_LABELS } from '#core/verdict.ts'
import { diffLines } from './diff.ts'
import { tell, tellAsText } from './exchange.ts'
import { escapeHtml, typeset } from './text.ts'
import { canarySentence, controlSentence, deliverySentence, riskSentence } from './witness.ts'
import { CONFIDENCE_WORDS, LEVEL_WORDS, VERDICT_SYMBOLS } from './words.ts'

/** The page of one unit: what was required, done, observed, and how to mend it. Everything is escaped. */
export function describe(unit: UnitRecord, required: readonly Requirement[], journal: Journal): string {
  return [
    section('Ce qui était exigé', paragraph(unit.expected === unit.title ? '' : unit.expected), list(required.map(requirement))),
    section('Ce que le simulateur a fait', ...faults(unit)),
    section(
      'Ce qui a été observé',
      `<p><strong>${VERDICT_SYMBOLS[unit.verdict]} ${prose(VERDICT_LABELS[unit.verdict])}</strong> — ${prose(unit.reason)}</p>`,
      findings(unit, journal),
    ),
    section('Témoin', list([controlSentence(unit), deliverySentence(unit), canarySentence(unit), riskSentence(unit)].filter(Boolean).map(prose))),
    journal.length > 0 ? section("L'échange", block(tellAsText(journal))) : '',
    unit.evidence.screenshots.length > 0 ? section("Ce qu'a vu le professionnel", paragraph("Les captures d'écran sont jointes plus bas.")) : '',
    unit.verdict === 'pass' || unit.verdict === 'inapplicable' ? '' : section('Comment corriger', paragraph(unit.mend)),
  ].join('\n')
}

function section(title: string, ...parts: readonly string[]): string {
  return `<h3>${prose(title)}</h3>\n${parts.filter(Boolean).join('\n')}`
}

function requirement({ id, officialNumber, text, level, source, confidence }: Requirement): string {
  const place = [source.document, source.section].filter(Boolean).join(', ')
  const number = officialNumber ? ` (${escapeHtml(officialNumber)})` : ''
  return `<code>${escapeHtml(id)}</code>${number} — ${prose(text)}<br><em>Exigence ${LEVEL_WORDS[level]} ; source : ${prose(place)} ; règle ${CONFIDENCE_WORDS[confidence]}.</em>`
}

function faults({ faults }: UnitRecord): string[] {
  if (faults.length === 0) return [paragraph("Rien d'anormal : le simulateur s'est comporté honnêtement.")]
  return faults.flatMap(({ title, site, changes }) => [
    `<p>${prose(title)} (<code>${escapeHtml(site)}</code>)</p>`,
    changes.length > 0 ? block(changes.flatMap((change) => diffLines(change)).join('\n')) : '',
  ])
}

function findings({ findings }: UnitRecord, journal: Journal): string {
  const told = tell(journal)
  return list(
    findings.map(({ verdict, expected, observed, entries = [] }) => {
      const lines = told.filter(({ entry }) => entries.includes(entry.seq)).map(({ number }) => number)
      const where = lines.length > 0 ? `<br>Où : ${lines.length > 1 ? 'lignes' : 'ligne'} ${lines.join(', ')} de l’échange` : ''
      return `${VERDICT_SYMBOLS[verdict]} Attendu : ${prose(expected)}<br>Observé : ${prose(observed)}${where}`
    }),
  )
}

function prose(text: string): string {
  return escapeHtml(typeset(text))
}

function paragraph(text: string): string {
  return text === '' ? '' : `<p>${prose(text)}</p>`
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
}

function block(text: string): string {
  return `<pre style="white-space:pre-wrap;overflow-wrap:anywhere">${escapeHtml(text)}</pre>`
}
