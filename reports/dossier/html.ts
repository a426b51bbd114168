import { escapeHtml } from '../text.ts'
import { badge, digest, facts, figure, list, paragraphs, prose, table } from './markup.ts'
import type { Dossier, DossierRegister } from './model.ts'
import type { DossierRequirement, DossierUnit } from './parts.ts'
import { STYLE } from './style.ts'

/** Gives the bytes of a picture of the run folder, or undefined. */
export type Pictures = (path: string) => Buffer | undefined

/** Section numbers and titles, shared by the page and the DOCX. */
export const SECTIONS = [
  'Synthèse',
  'Identification',
  'Résultats par exigence',
  'Exigences sans épreuve dans cette exécution',
  "Ce que ce dossier n'atteste pas",
  'Preuves et empreintes',
] as const

/** The dossier as one page without script and without any link to load; print it with pdf.ts. */
export function dossierHtml(dossier: Dossier, pictures: Pictures): string {
  const bodies = [
    summary(dossier),
    identity(dossier, pictures),
    results(dossier, pictures),
    untested(dossier),
    list(dossier.limits.map(prose)),
    proofs(dossier),
  ]
  const sections = SECTIONS.map((title, index) => `<section><h2 id="s${index + 1}">${index + 1}. ${prose(title)}</h2>\n${bodies[index]}</section>`)
  return `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>${prose(dossier.title)}</title><meta name="author" content="HospiCert"><style>${STYLE}</style></head>
<body><main>
<h1>${prose(dossier.title)}</h1>
<p class="lead">${prose(dossier.subtitle)}</p>
<div class="conclusion"><p><span class="label">Verdict de l’exécution :</span> ${badge(dossier.verdict)}</p>${paragraphs(dossier.conclusion)}</div>
<nav class="toc" aria-label="Sommaire"><ul>${SECTIONS.map((title, index) => `<li><a href="#s${index + 1}">${index + 1}. ${prose(title)}</a></li>`).join('')}</ul></nav>
${sections.join('\n')}
</main></body></html>`
}

function summary({ counts, overview, attention }: Dossier): string {
  return [
    table(
      'Épreuves par verdict',
      ['Verdict', 'Épreuves', 'Ce que cela veut dire'],
      counts.map(({ verdict, count, meaning }) => [badge(verdict), String(count), prose(meaning)]),
      ['', 'number'],
    ),
    attention.length === 0
      ? '<p>Aucun point ne demande votre attention.</p>'
      : table(
          'Points à traiter, du plus grave au moins grave',
          ['Épreuve', 'Verdict', 'Motif', 'Exigences'],
          attention.map(({ unit, requirements }) => [
            `<a href="#e${unit.number}">${unit.number}. ${prose(unit.title)}</a>`,
            badge(unit.verdict),
            prose(unit.reason),
            requirements.map((id) => `<code>${escapeHtml(id)}</code>`).join('<br>'),
          ]),
          ['title', 'verdicts', '', 'ids'],
        ),
    table(
      'Exigences par référentiel',
      ['Référentiel', 'Exigences', 'Conformes', 'Non conformes', 'Autre verdict', 'Sans épreuve'],
      overview.map((row) => [prose(row.register), ...[row.total, row.conform, row.failed, row.other, row.untested].map(String)]),
      ['', 'number', 'number', 'number', 'number', 'number'],
    ),
  ].join('\n')
}

function identity({ identification, calibration, calibrationPictures }: Dossier, pictures: Pictures): string {
  return [
    facts('Produit, exécution et moyens', identification),
    facts('Calibrage : le banc sait-il lire les pages du produit ?', calibration),
    ...calibrationPictures.map(({ path, title }) => figure(pictures(path), title)),
  ].join('\n')
}

function results({ registers, outside }: Dossier, pictures: Pictures): string {
  const intro = '<p class="head">Une épreuve qui répond à plusieurs exigences est décrite sous la première et citée sous les autres.</p>'
  if (registers.length === 0 && outside.length === 0) return '<p>Aucune épreuve n’a été jugée.</p>'
  const lost = outside.length === 0 ? '' : `<h3>Épreuves sans exigence connue</h3>${outside.map((one) => unit(one, pictures)).join('')}`
  return intro + registers.map((one, index) => register(one, index + 1, pictures)).join('\n') + lost
}

function register({ title, status, url, note, requirements }: DossierRegister, number: number, pictures: Pictures): string {
  const link = url ? ` — <a href="${escapeHtml(url)}">${escapeHtml(url)}</a>` : ''
  return `<section><div class="head"><h3>3.${number}. ${prose(title)}</h3><p class="about">Statut : ${prose(status)}${link}${note ? `<br>${prose(note)}` : ''}</p></div>
${requirements.map((one) => requirement(one, pictures)).join('\n')}</section>`
}

function requirement(one: DossierRequirement, pictures: Pictures): string {
  const source = one.sourceUrl ? `<a href="${escapeHtml(one.sourceUrl)}">${prose(one.source)}</a>` : prose(one.source)
  const number = one.officialNumber ? `Numéro officiel : ${escapeHtml(one.officialNumber)}. ` : ''
  const cited = one.cited.map(
    (unit) => `${badge(unit.verdict)} <a href="#e${unit.number}">épreuve ${unit.number}, ${prose(unit.title)}</a> : ${prose(unit.reason)}`,
  )
  return `<section class="requirement"><div class="head"><h4><code>${escapeHtml(one.id)}</code> ${badge(one.verdict)}</h4>
<p><strong>${prose(one.text)}</strong></p>
<p class="about">${number}Exigence ${one.level} ; source : ${source} ; règle ${prose(one.confidence)}.</p></div>
${one.units.map((each) => unit(each, pictures)).join('\n')}${cited.length > 0 ? `<p class="label">Aussi éprouvée par :</p>${list(cited)}` : ''}</section>`
}

function unit(one: DossierUnit, pictures: Pictures): string {
  const faults = one.faults.map(
    ({ title, site, diff }) =>
      `<p><span class="label">Ce que le simulateur a fait :</span> ${prose(title)} <code>${escapeHtml(site)}</code></p>${diffBlock(diff)}`,
  )
  const findings = one.findings.map(
    ({ verdict, expected, observed, where }) =>
      `${badge(verdict)} <span class="label">attendu :</span> ${escapeHtml(expected)} <span class="label">observé :</span> ${escapeHtml(observed)}${where ? ` (${prose(where)})` : ''}`,
  )
  const references = one.references.map(
    ({ path, sha256 }) => `<code>${escapeHtml(path)}</code> ${sha256 ? digest(sha256) : '<em>fichier absent</em>'}`,
  )
  return `<article class="unit u-${one.verdict}" id="e${one.number}">
<div class="whole"><header><h5>Épreuve ${one.number} — ${prose(one.title)}</h5><p>${badge(one.verdict)} ${prose(one.reason)}</p></header>
${one.pictures.map(({ path, title }) => figure(pictures(path), title)).join('')}
${one.expected ? `<p><span class="label">Attendu :</span> ${prose(one.expected)}</p>` : ''}
${faults.join('\n')}
<p class="about">${one.witness.map(prose).join(' ')} <code>${escapeHtml(one.id)}</code>, ${prose(one.kind)}, ${one.duration}.</p></div>
<div class="whole">${one.findings.length > 0 ? `<p class="label">Constats</p>${list(findings)}` : ''}
${one.mend ? `<p><span class="label">Comment corriger :</span> ${prose(one.mend)}</p>` : ''}</div>
<div class="whole">${references.length > 0 ? `<p class="label">Preuves (SHA-256)</p>${list(references)}` : ''}</div>
</article>`
}

function diffBlock(diff: readonly string[]): string {
  const classes: Readonly<Record<string, string>> = { '-': 'honest', '+': 'faulty' }
  const lines = diff.map((line) => `<span class="${classes[line.charAt(0)] ?? 'path'}">${escapeHtml(line)}</span>`)
  return lines.length === 0 ? '' : `<pre>${lines.join('\n')}</pre>`
}

function untested({ untested }: Dossier): string {
  const intro =
    '<p>Une exigence sans épreuve n’est ni conforme ni non conforme. Le motif est celui du référentiel ; à défaut, cette exécution n’a pas joué l’épreuve.</p>'
  return (
    intro +
    untested
      .map(({ register, prefix, rows }) =>
        table(
          `${register} : ${prefix}…`,
          ['Exigence', 'Texte', 'Motif'],
          rows.map(({ clause, text, reason }) => [`<code>${escapeHtml(clause)}</code>`, prose(text), prose(reason)]),
          ['clause', '', 'title'],
        ),
      )
      .join('\n')
  )
}

function proofs({ evidence, tables }: Dossier): string {
  const rows = (files: Dossier['evidence']) => files.map(({ path, sha256 }) => [`<code>${escapeHtml(path)}</code>`, digest(sha256)])
  return [
    table('Tables et fiches sur lesquelles les verdicts reposent', ['Fichier', 'SHA-256'], rows(tables), ['', 'digests']),
    evidence.length > 0 ? table("Preuves du dossier de l'exécution", ['Fichier', 'SHA-256'], rows(evidence), ['', 'digests']) : '',
  ].join('\n')
}
