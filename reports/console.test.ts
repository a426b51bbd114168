import { expect, test } from 'vitest'
import { handClock } from '#core/clock.ts'
import { createProgress, timeLeft } from './console.ts'
import { exampleRecord, exampleRegisters } from './example.test-data.ts'
import { exampleUnit, exampleUnits, HOSTILE } from './example-units.test-data.ts'
import { printSummary } from './summary.ts'
import { summaryJson } from './summary-json.ts'
import { type Terminal, terminal } from './terminal.ts'

function heard(options: Partial<Terminal> = {}) {
  const texts: string[] = []
  return { out: { write: (text: string) => void texts.push(text), columns: 110, live: false, colour: false, ...options }, text: () => texts.join('') }
}
const running = exampleRecord([], { status: 'running', plan: { id: 'relying-party', title: 'Connecteur', selected: 12, total: 120 } })
const none = { files: [], problems: [] }

test('in CI: a banner, then one line a unit, none wider than the place', () => {
  const { out, text } = heard()
  const progress = createProgress(out, handClock(0))
  progress.start(running)
  for (const unit of exampleUnits()) progress.judged(unit)
  const lines = text().trimEnd().split('\n')
  expect(lines.find((line) => line.includes('Produit'))).toContain('DPI L’Étoile')
  expect(text()).toContain('connecté : « canari » ; sans connexion : personne (2 s)')
  expect(lines.filter((line) => line.startsWith('['))).toHaveLength(12)
  expect(text()).toMatch(/\[ 2\/12] ✗ non conforme {3,}rp\/id-token\/wrong-audience {2}Le connecteur refuse.*\(reste environ 10 s\)/)
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(110)
})

test('in a terminal: a live line that goes away, a lasting one for what is not conform', () => {
  const { out, text } = heard({ live: true })
  const progress = createProgress(out, handClock(0))
  progress.start(running)
  const [good, bad] = exampleUnits()
  if (good) progress.judged(good)
  expect(text().split('\n').at(-1)).toContain('\r\u001b[2K██░░░░░░░░░░░░░░░░░░░░░░  1/12  reste environ 10 s  ✓ rp/login/nominal')
  if (bad) progress.judged(bad)
  progress.stop()
  expect(text()).toContain('\r\u001b[2K[ 2/12] ✗ non conforme')
  expect(text().endsWith('\r\u001b[2K')).toBe(true)
})

test('what the target writes cannot drive the terminal', () => {
  const { out, text } = heard()
  const progress = createProgress(out)
  progress.start(exampleRecord([], { target: { ...running.target, product: { name: HOSTILE, version: HOSTILE } } }))
  progress.judged(exampleUnit({ id: 'rp/a/b', verdict: 'fail', title: HOSTILE, reason: HOSTILE }))
  progress.say(HOSTILE)
  const unit = exampleUnit({
    id: 'rp/a/b',
    verdict: 'fail',
    title: HOSTILE,
    reason: HOSTILE,
    findings: [{ verdict: 'fail', expected: HOSTILE, observed: HOSTILE }],
  })
  printSummary(out, 'out/run', exampleRecord([unit]), exampleRegisters(), { files: [], problems: [HOSTILE] })
  expect(text().replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
})

test('the time left shares the mean among the workers', () => {
  const unit = exampleUnit({ id: 'x', verdict: 'pass', title: '', reason: '', duration: 4000 })
  expect([timeLeft([unit], 60, 2), timeLeft([], 60, 2), timeLeft([unit], 0, 2)]).toEqual(['reste environ 2 min 0 s', '', ''])
})

test('colours and live lines are for a terminal that wants them', () => {
  const stream = { write: () => true, isTTY: true, columns: 90 }
  expect(terminal(stream, {})).toMatchObject({ live: true, colour: true, columns: 90 })
  expect(terminal(stream, { CI: 'true', NO_COLOR: '1' })).toMatchObject({ live: false, colour: false })
  expect(terminal({ write: () => true }, {})).toMatchObject({ live: false, colour: false })
})

test('the summary goes by requirement, then tells all that is not conform with its proof, then the exit code in words', () => {
  const { out, text } = heard()
  printSummary(out, 'out/run', exampleRecord(), exampleRegisters(), { files: [['Rapport', 'out/run/rapport.html']], problems: ['Le PDF manque.'] })
  expect(text()).toMatch(/OpenID Connect Core 1.0 — \d+ sur \d+ exigences\n/)
  expect(text()).toMatch(/✗ non conforme +3\.1\.3\.7-3 +L'audience du jeton/)
  expect(text()).toContain('observé   La page affiche « Piou CANARI-FICTIF »')
  expect(text()).toContain('journaux/rp-id-token-wrong-audience.jsonl')
  expect(text()).toContain("accepté   par Hélène Œuvrard jusqu'au 2027-03-31")
  expect(text()).toContain('Rapport manquant : Le PDF manque.')
  expect(text()).toContain('12 épreuves jugées sur 12 : sans objet 1, conforme 4, risque accepté 1')
  expect(text()).toContain(
    "Code de sortie 3 : erreur du banc d'essai ou de sa configuration, qui n'est pas imputable au produit ; par ailleurs, 2 épreuves non conformes.",
  )
})

test('a summary of a run in which nothing was judged stands too', () => {
  const { out, text } = heard()
  const failure = { code: 'CALIBRATION_FAILED', message: 'Le calibrage a échoué.', fix: 'Voyez « personas ».', place: '' }
  printSummary(out, 'out/run', exampleRecord([], { status: 'failed', failure }), exampleRegisters(), none)
  expect(text()).toContain("L'exécution n'a pas pu aller à son terme : Le calibrage a échoué. Voyez « personas ».")
})

test('the summary for a program says the same', () => {
  const json = summaryJson('out/run', exampleRecord(), exampleRegisters(), none)
  expect(json).toMatchObject({ verdict: 'error', exitCode: 3, judged: 12, counts: { pass: 4, fail: 2 } })
  expect(json.requirements.find(({ id }) => id === 'psc@2026-11/mtls')).toMatchObject({ verdict: null, units: [], blank: expect.any(String) })
})
