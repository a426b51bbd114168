import {
  AlignmentType,
  BorderStyle,
  ImageRun,
  type IParagraphOptions,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { Verdict } from '#core/verdict.ts'
import { imageFacts } from '../image.ts'
import { plain, typeset } from '../text.ts'
import { VERDICT_SYMBOLS } from '../words.ts'
import type { Fact } from './identification.ts'
import { verdictWords } from './model.ts'
import { VERDICT_COLOURS } from './style.ts'

/** Our own prose. */
export function run(text: string, options: { bold?: boolean; italics?: boolean; color?: string } = {}): TextRun {
  return new TextRun({ text: plain(typeset(text)), ...options })
}

/** What was observed or computed, as it is. */
export function raw(text: string): TextRun {
  return new TextRun(plain(text))
}

export function code(text: string, size = 16): TextRun {
  return new TextRun({ text: plain(text), font: MONOSPACE, size })
}

export const MONOSPACE = 'Consolas'

export function badge(verdict: Verdict): TextRun {
  const [ink, ground] = VERDICT_COLOURS[verdict]
  return new TextRun({
    text: `\u00a0${VERDICT_SYMBOLS[verdict]} ${verdictWords(verdict)}\u00a0`,
    bold: true,
    color: ink,
    shading: { type: ShadingType.CLEAR, fill: ground, color: 'auto' },
  })
}

export function paragraph(children: string | readonly ParagraphChild[], options: IParagraphOptions = {}): Paragraph {
  return new Paragraph({ children: typeof children === 'string' ? [run(children)] : children, spacing: { after: 80 }, ...options })
}

export function bullet(children: string | readonly ParagraphChild[]): Paragraph {
  return paragraph(children, { bullet: { level: 0 } })
}

/** One line of a diff, on a grey ground. */
export function codeLine(text: string): Paragraph {
  const color = text.startsWith('+') ? '9B1C1C' : text.startsWith('-') ? '0F5132' : '1B1F27'
  return new Paragraph({
    children: [new TextRun({ text: plain(text), font: MONOSPACE, size: 16, color })],
    shading: { type: ShadingType.CLEAR, fill: 'F3F5F8', color: 'auto' },
    spacing: { after: 0 },
    indent: { left: 200 },
  })
}

type Cell = string | readonly ParagraphChild[]

/** Width of the text of an A4 page with our margins, in twentieths of a point. */
const TEXT_WIDTH = 10_090

/** A table with its caption above, a header row repeated on each page, and columns of the given shares of the width. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  shares: readonly number[],
): (Paragraph | Table)[] {
  const all = shares.reduce((sum, share) => sum + share, 0)
  const widths = shares.map((share) => Math.round((TEXT_WIDTH * share) / all))
  const cell = (content: Cell, index: number, header: boolean) =>
    new TableCell({
      children: [
        paragraph(header && typeof content === 'string' ? [run(content, { bold: true, color: 'FFFFFF' })] : content, {
          spacing: { before: 30, after: 30 },
        }),
      ],
      width: { size: widths[index] ?? 0, type: WidthType.DXA },
      margins: { left: 80, right: 80 },
      ...(header ? { shading: { type: ShadingType.CLEAR, fill: '12284C', color: 'auto' } } : {}),
    })
  const header =
    head.length > 0 ? [new TableRow({ tableHeader: true, cantSplit: true, children: head.map((text, index) => cell(text, index, true)) })] : []
  const body = rows.map((row) => new TableRow({ cantSplit: true, children: row.map((content, index) => cell(content, index, false)) }))
  return [
    new Paragraph({ style: 'Caption', keepNext: true, children: [run(caption)] }),
    new Table({ rows: [...header, ...body], columnWidths: widths, width: { size: TEXT_WIDTH, type: WidthType.DXA }, borders: BORDERS }),
    paragraph(''),
  ]
}

export function facts(caption: string, rows: readonly Fact[]): (Paragraph | Table)[] {
  return table(
    caption,
    ['Rubrique', 'Valeur'],
    rows.map(([label, value]) => [[run(label, { bold: true })], [raw(value)]]),
    [28, 72],
  )
}

const LINE = { style: BorderStyle.SINGLE, size: 4, color: 'C3CAD6' }
const BORDERS = { top: LINE, bottom: LINE, left: LINE, right: LINE, insideHorizontal: LINE, insideVertical: LINE }

/** A picture with its caption, no wider than `width` points. Nothing when it is not there or no picture. */
export function picture(bytes: Buffer | undefined, title: string, width = 260): Paragraph[] {
  const facts = bytes && imageFacts(bytes)
  if (bytes === undefined || facts === undefined) return []
  const { type, width: across, height: down } = facts
  const scale = Math.min(width / across, (width * 1.2) / down, 1)
  const transformation = { width: Math.max(1, Math.round(across * scale)), height: Math.max(1, Math.round(down * scale)) }
  const text = plain(typeset(title))
  return [
    new Paragraph({
      alignment: AlignmentType.LEFT,
      keepNext: true,
      children: [new ImageRun({ type, data: bytes, transformation, altText: { name: text, title: text, description: text } })],
    }),
    new Paragraph({ style: 'Caption', children: [run(title)] }),
  ]
}
