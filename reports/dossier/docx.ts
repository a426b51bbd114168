import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  AlignmentType,
  Document,
  ExternalHyperlink,
  Footer,
  HeadingLevel,
  LeaderType,
  Packer,
  PageNumber,
  Paragraph,
  type Table,
  TableOfContents,
  TextRun,
} from 'docx'
import { plain, typeset } from '../text.ts'
import { badge, bullet, code, codeLine, facts, paragraph, picture, raw, run, table } from './docx-parts.ts'
import { type Pictures, SECTIONS } from './html.ts'
import type { Dossier, DossierRegister } from './model.ts'
import type { DossierRequirement, DossierUnit } from './parts.ts'

type Block = Paragraph | Table | TableOfContents

/** The same dossier for whoever has to complete it: real styles, header rows, table of contents, pictures. */
export async function writeDocx(dossier: Dossier, pictures: Pictures, path: string): Promise<void> {
  const sections = [
    summary(dossier),
    identity(dossier, pictures),
    results(dossier, pictures),
    untested(dossier),
    dossier.limits.map(bullet),
    proofs(dossier),
  ]
  const children: Block[] = [
    new Paragraph({ heading: HeadingLevel.TITLE, children: [run(dossier.title)] }),
    new Paragraph({ style: 'Subtitle', children: [run(dossier.subtitle)] }),
    paragraph([run('Verdict de l’exécution : ', { bold: true }), badge(dossier.verdict)]),
    ...dossier.conclusion.map((text) => paragraph(text)),
    new Paragraph({ style: 'Caption', children: [run('Sommaire')] }),
    new TableOfContents('Sommaire', { hyperlink: true, headingStyleRange: '1-2', beginDirty: false, tabLeader: LeaderType.NONE }),
    ...sections.flatMap((blocks, index) => [heading(`${index + 1}. ${SECTIONS[index]}`, 'HEADING_1'), ...blocks]),
  ]
  const document = new Document({
    title: plain(dossier.title),
    creator: 'HospiCert',
    description: plain(dossier.subtitle),
    styles: STYLES,
    sections: [
      {
        properties: { page: { size: { width: 11_906, height: 16_838 }, margin: { top: 1130, bottom: 1020, left: 908, right: 908 } } },
        footers: { default: footer(dossier.footer) },
        children,
      },
    ],
  })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.tmp`, await Packer.toBuffer(document))
  await rename(`${path}.tmp`, path)
}

function summary({ counts, overview, attention }: Dossier): Block[] {
  return [
    ...table(
      'Épreuves par verdict',
      ['Verdict', 'Épreuves', 'Ce que cela veut dire'],
      counts.map(({ verdict, count, meaning }) => [[badge(verdict)], String(count), meaning]),
      [24, 12, 64],
    ),
    ...(attention.length === 0
      ? [paragraph('Aucun point ne demande votre attention.')]
      : table(
          'Points à traiter, du plus grave au moins grave',
          ['Épreuve', 'Verdict', 'Motif', 'Exigences'],
          attention.map(({ unit, requirements }) => [
            `${unit.number}. ${unit.title}`,
            [badge(unit.verdict)],
            unit.reason,
            [code(requirements.join('  '), 14)],
          ]),
          [27, 23, 26, 24],
        )),
    ...table(
      'Exigences par référentiel',
      ['Référentiel', 'Exigences', 'Conformes', 'Non conformes', 'Autre verdict', 'Sans épreuve'],
      overview.map((row) => [row.register, ...[row.total, row.conform, row.failed, row.other, row.untested].map(String)]),
      [29, 14, 14, 15, 14, 14],
    ),
  ]
}

function identity({ identification, calibration, calibrationPictures }: Dossier, pictures: Pictures): Block[] {
  return [
    ...facts('Produit, exécution et moyens', identification),
    ...facts('Calibrage : le banc sait-il lire les pages du produit ?', calibration),
    ...calibrationPictures.flatMap(({ path, title }) => picture(pictures(path), title)),
  ]
}

function results({ registers, outside }: Dossier, pictures: Pictures): Block[] {
  if (registers.length === 0 && outside.length === 0) return [paragraph("Aucune épreuve n'a été jugée.")]
  return [
    paragraph('Une épreuve qui répond à plusieurs exigences est décrite sous la première et citée sous les autres.'),
    ...registers.flatMap((one, index) => register(one, index + 1, pictures)),
    ...(outside.length === 0 ? [] : [heading('Épreuves sans exigence connue', 'HEADING_2'), ...outside.flatMap((one) => unit(one, pictures))]),
  ]
}

function register({ title, status, url, note, requirements }: DossierRegister, number: number, pictures: Pictures): Block[] {
  return [
    heading(`3.${number}. ${title}`, 'HEADING_2'),
    paragraph([run(`Statut : ${status}`), ...(url ? [run(' — '), link(url, url)] : [])]),
    ...(note ? [paragraph(note)] : []),
    ...requirements.flatMap((one) => requirement(one, pictures)),
  ]
}

function requirement(one: DossierRequirement, pictures: Pictures): Block[] {
  const number = one.officialNumber ? `Numéro officiel : ${one.officialNumber}. ` : ''
  return [
    new Paragraph({ heading: HeadingLevel.HEADING_3, keepNext: true, children: [code(one.id, 18), run(' '), badge(one.verdict)] }),
    paragraph([run(one.text, { bold: true })], { keepNext: true }),
    paragraph([
      run(`${number}Exigence ${one.level} ; source : `),
      one.sourceUrl ? link(one.source, one.sourceUrl) : run(one.source),
      run(` ; règle ${one.confidence}.`),
    ]),
    ...one.units.flatMap((each) => unit(each, pictures)),
    ...one.cited.map((each) =>
      paragraph([run('Aussi éprouvée par : '), badge(each.verdict), run(` épreuve ${each.number}, ${each.title} : ${each.reason}`)]),
    ),
  ]
}

function unit(one: DossierUnit, pictures: Pictures): Block[] {
  const label = (text: string) => run(`${text} : `, { bold: true })
  return [
    new Paragraph({ heading: HeadingLevel.HEADING_4, keepNext: true, children: [run(`Épreuve ${one.number} — ${one.title}`)] }),
    paragraph([badge(one.verdict), run(` ${one.reason}`)]),
    ...(one.expected ? [paragraph([label('Attendu'), run(one.expected)])] : []),
    ...one.faults.flatMap(({ title, site, diff }) => [
      paragraph([label('Ce que le simulateur a fait'), run(`${title} `), code(site)], { keepNext: true }),
      ...diff.map(codeLine),
      paragraph(''),
    ]),
    ...one.findings.map(({ verdict, expected, observed, where }) =>
      bullet([
        badge(verdict),
        run(' attendu : ', { bold: true }),
        raw(expected),
        run(' observé : ', { bold: true }),
        raw(observed),
        run(where ? ` (${where})` : ''),
      ]),
    ),
    ...(one.mend ? [paragraph([label('Comment corriger'), run(one.mend)])] : []),
    paragraph([run(`${one.witness.join(' ')} `, { italics: true }), code(one.id), run(`, ${one.kind}, ${one.duration}.`, { italics: true })]),
    ...one.pictures.flatMap(({ path, title }) => picture(pictures(path), title)),
    ...one.references.map(({ path, sha256 }) => bullet([code(path), run(sha256 ? ' — SHA-256 ' : ' — fichier absent'), code(sha256 ?? '', 12)])),
  ]
}

function untested({ untested }: Dossier): Block[] {
  return [
    paragraph(
      'Une exigence sans épreuve n’est ni conforme ni non conforme. Le motif est celui du référentiel ; à défaut, cette exécution n’a pas joué l’épreuve.',
    ),
    ...untested.flatMap(({ register, prefix, rows }) =>
      table(
        `${register} : ${prefix}…`,
        ['Exigence', 'Texte', 'Motif'],
        rows.map(({ clause, text, reason }) => [[code(clause)], text, reason]),
        [22, 48, 30],
      ),
    ),
  ]
}

function proofs({ evidence, tables }: Dossier): Block[] {
  const rows = (files: Dossier['evidence']) => files.map(({ path, sha256 }) => [[code(path)], [code(sha256, 12)]])
  return [
    ...table('Tables et fiches sur lesquelles les verdicts reposent', ['Fichier', 'SHA-256'], rows(tables), [45, 55]),
    ...(evidence.length > 0 ? table("Preuves du dossier de l'exécution", ['Fichier', 'SHA-256'], rows(evidence), [45, 55]) : []),
  ]
}

function heading(text: string, level: 'HEADING_1' | 'HEADING_2'): Paragraph {
  return new Paragraph({ heading: HeadingLevel[level], keepNext: true, children: [run(text)] })
}

function link(text: string, url: string): ExternalHyperlink {
  return new ExternalHyperlink({ link: plain(url), children: [new TextRun({ text: plain(typeset(text)), style: 'Hyperlink' })] })
}

function footer(text: string): Footer {
  const pages = new TextRun({ size: 14, children: [`${plain(text)} — page `, PageNumber.CURRENT, ' sur ', PageNumber.TOTAL_PAGES] })
  return new Footer({ children: [new Paragraph({ alignment: AlignmentType.RIGHT, children: [pages] })] })
}

const INK = '12284C'
const head = (size: number, before: number) => ({ run: { size, bold: true, color: INK }, paragraph: { spacing: { before, after: 80 } } })
const STYLES = {
  default: {
    document: { run: { font: 'Calibri', size: 20, language: { value: 'fr-FR' } } },
    title: head(40, 0),
    heading1: head(30, 360),
    heading2: head(25, 280),
    heading3: head(22, 240),
    heading4: head(20, 160),
  },
  paragraphStyles: [
    { id: 'Subtitle', name: 'Subtitle', basedOn: 'Normal', run: { size: 24, color: '454E5E' }, paragraph: { spacing: { after: 160 } } },
    {
      id: 'Caption',
      name: 'caption',
      basedOn: 'Normal',
      run: { bold: true, color: INK, size: 19 },
      paragraph: { spacing: { before: 120, after: 60 } },
    },
  ],
}
