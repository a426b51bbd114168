import type { Verdict } from '#core/verdict.ts'

/** Ink and ground of each verdict; the word is always written beside, and each pair has a contrast of 4.5 at least. */
export const VERDICT_COLOURS: Readonly<Record<Verdict, readonly [ink: string, ground: string]>> = {
  error: ['5b2a86', 'efe6f7'],
  fail: ['9b1c1c', 'fde8e8'],
  inconclusive: ['7a4a00', 'fdf0d5'],
  review: ['0b4a6f', 'dff0fb'],
  warning: ['7a4a00', 'fdf0d5'],
  'accepted-risk': ['5c4a16', 'f3ecd2'],
  pass: ['0f5132', 'dcf3e4'],
  inapplicable: ['444b57', 'eceef1'],
}

/** The dossier on paper: A4, quiet, tables that may break between rows but not within. */
export const STYLE = `
@page { size: A4; margin: 20mm 16mm 18mm }
* { box-sizing: border-box }
body { font: 9.5pt/1.45 'Marianne', 'Source Sans 3', 'Open Sans', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif; color: #1b1f27; margin: 0; overflow-wrap: anywhere }
h1, h2, h3, h4, h5 { line-height: 1.25; break-after: avoid; color: #12284c; margin: 0 }
h1 { font-size: 22pt; margin: 0 0 2mm }
h2 { font-size: 15pt; margin: 9mm 0 3mm; padding-bottom: 1mm; border-bottom: 0.6mm solid #12284c }
h3 { font-size: 12pt; margin: 6mm 0 2mm }
h4 { font-size: 10.5pt; margin: 5mm 0 1mm }
h5 { font-size: 9.5pt; margin: 0 0 1mm }
p { margin: 0 0 2mm; orphans: 3; widows: 3 }
ul, ol { margin: 0 0 2mm; padding-left: 5mm }
li { margin-bottom: 0.8mm }
a { color: #12407f; text-decoration: none }
code, pre, .digest { font-family: 'Source Code Pro', 'Liberation Mono', 'DejaVu Sans Mono', monospace; font-size: 8pt }
pre { margin: 1mm 0 2mm; padding: 1.5mm 2.5mm; background: #f3f5f8; border-left: 0.8mm solid #9aa7bd; white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden }
pre .honest { color: #0f5132 } pre .faulty { color: #9b1c1c; font-weight: bold }
table { border-collapse: collapse; width: 100%; margin: 0 0 4mm; font-size: 8.8pt }
caption { text-align: left; font-weight: bold; color: #12284c; padding: 0 0 1.2mm; break-after: avoid }
thead { display: table-header-group }
tr { break-inside: avoid }
tbody tr:first-child { break-before: avoid }
th, td { border: 0.2mm solid #c3cad6; padding: 1mm 1.8mm; text-align: left; vertical-align: top }
thead th { background: #12284c; color: #fff; font-weight: 600 }
tbody th { background: #f3f5f8; font-weight: 600 }
.facts th { width: 42mm }
.number { text-align: right; width: 21mm; overflow-wrap: normal }
.ids { width: 44mm }
.clause { width: 38mm }
.title { width: 50mm }
.digests { width: 100mm }
.verdicts { width: 31mm }
.verdict { display: inline-block; padding: 0.2mm 1.8mm; border-radius: 1mm; font-weight: 700; white-space: nowrap }
.conclusion { border: 0.5mm solid #12284c; border-left-width: 2mm; padding: 3mm 4mm; margin: 4mm 0 5mm; break-inside: avoid }
.conclusion p:last-child { margin: 0 }
.lead { color: #454e5e; font-size: 11.5pt; margin-bottom: 4mm }
.toc { columns: 2; column-gap: 8mm; font-size: 9pt; margin-bottom: 4mm }
.toc ul { list-style: none; padding: 0 }
.head { break-inside: avoid; break-after: avoid }
.whole { break-inside: avoid }
.requirement { margin-top: 5mm; padding-top: 1mm; border-top: 0.2mm solid #c3cad6 }
.about { color: #454e5e; font-size: 8.5pt; margin-bottom: 2mm }
.unit { border: 0.2mm solid #c3cad6; border-left: 1.2mm solid #9aa7bd; padding: 2mm 3mm; margin: 0 0 3mm; box-decoration-break: clone; -webkit-box-decoration-break: clone }
.unit p, .unit ul { margin-bottom: 1.2mm }
.unit header { break-after: avoid }
.label { font-weight: 600; color: #12284c }
.digest { color: #454e5e; font-size: 6.8pt }
figure { display: inline-block; margin: 1mm 3mm 1mm 0; break-inside: avoid; vertical-align: top; width: 58mm }
figure img { width: 58mm; max-height: 60mm; object-fit: contain; object-position: left top; border: 0.2mm solid #9aa7bd }
.unit figure { float: right; clear: right; width: 46mm; margin: 0 0 1mm 3mm }
.unit figure img { width: 46mm }
.whole::after { content: ''; display: block; clear: both }
figcaption { font-size: 7.5pt; color: #454e5e }
${Object.entries(VERDICT_COLOURS)
  .map(([verdict, [ink, ground]]) => `.v-${verdict} { color: #${ink}; background: #${ground} } .unit.u-${verdict} { border-left-color: #${ink} }`)
  .join('\n')}
`
