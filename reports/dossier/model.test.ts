import { expect, test } from 'vitest'
import { exampleRecord, exampleRegisters } from '../example.test-data.ts'
import { exampleUnit, exampleUnits } from '../example-units.test-data.ts'
import { dossier } from './model.ts'

const registers = exampleRegisters()
const digests = new Map([['journaux/rp-id-token-wrong-audience.jsonl', 'ab'.repeat(32)]])
const model = (units = exampleUnits(), more = {}) => dossier(exampleRecord(units, more), registers, digests)
const facts = (rows: readonly (readonly [string, string])[]) => new Map(rows)

test('a unit is told once in full and cited under its other requirements, with one number', () => {
  const requirements = model().registers.flatMap((register) => register.requirements)
  const of = (id: string) => requirements.find((requirement) => requirement.id === id)
  const full = of('oidc-core@1.0/3.1.3.7-3')?.units[0]
  expect(full).toMatchObject({ id: 'rp/id-token/wrong-audience', number: 2 })
  expect(of('psc@2026-11/refusal-no-session')).toMatchObject({ verdict: 'fail', units: [], cited: [{ number: 2 }] })
  expect(requirements.flatMap(({ units }) => units)).toHaveLength(12)
})

test('what an auditor asks of one unit is there: diff, witness, findings, remedy, proofs with digests', () => {
  const unit = model()
    .registers.flatMap((register) => register.requirements)
    .flatMap(({ units }) => units)
    .find(({ id }) => id === 'rp/id-token/wrong-audience')
  expect(unit?.faults[0]?.diff).toEqual(['  aud', '- honnête : "dpi-etoile"', '+ fautif  : "un-autre-client"'])
  expect(unit?.witness).toEqual([
    'Témoin honnête « rp/login/nominal » : conforme.',
    "L'anomalie a été remise au produit (enregistré dans l'échange).",
    'La personne « canari » est apparue dans le produit.',
  ])
  expect(unit?.findings[0]?.where).toBe('entrées 6, 7 du journal')
  expect(unit?.mend).toContain('aud')
  expect(unit?.references.map(({ sha256 }) => sha256)).toEqual(['ab'.repeat(32), undefined])
})

test('a director finds the answer first, the worst points at the top', () => {
  const { conclusion, attention, counts } = model()
  expect(conclusion[0]).toBe('2 épreuves sont non conformes : le produit ne satisfait pas toutes les exigences éprouvées.')
  expect(attention.map(({ unit }) => unit.verdict)).toEqual(['error', 'fail', 'fail', 'inconclusive', 'review', 'warning'])
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(12)
})

test('the conclusion never says more than the record', () => {
  const pass = exampleUnit({ id: 'rp/login/a', verdict: 'pass', title: '', reason: '' })
  expect(model([pass]).conclusion.at(-1)).toContain("Toutes les épreuves qui s'appliquent au produit sont conformes (1 épreuve jugée sur 1")
  expect(model([pass], { status: 'interrupted' }).conclusion.join(' ')).toMatch(/partiel et ne permet pas de conclure/)
  expect(model([pass], { status: 'interrupted' }).conclusion.join(' ')).not.toMatch(/Toutes les épreuves/)
  expect(model([]).conclusion).toEqual(["Aucune épreuve n'a été jugée."])
})

test('who authorised, which simulator, which calibration', () => {
  const { identification, calibration } = model()
  expect(facts(identification).get('Essais autorisés par')).toBe('Hélène Œuvrard, RSSI du centre hospitalier fictif, le 2 novembre 2026')
  expect(facts(identification).get('Simulateur')).toContain('psc 2026-11')
  expect(facts(calibration).get('Résultat')).toBe('le banc distingue les deux (2 s)')
})

test('every requirement is either answered or stands among the untested with a reason', () => {
  const { registers: told, untested, overview } = model()
  const rows = untested.flatMap((one) => one.rows)
  expect(told.flatMap(({ requirements }) => requirements).length + rows.length).toBe(registers.flatMap(({ requirements }) => requirements).length)
  expect(rows.every(({ reason }) => reason.length > 10)).toBe(true)
  expect(overview.every(({ total, conform, failed, other, untested: blank }) => total === conform + failed + other + blank)).toBe(true)
})

test('the limits name the simulator and the requirements that are not official', () => {
  const text = model().limits.join('\n')
  expect(text).toMatch(/simulateur de Pro Santé Connect/)
  expect(text).toMatch(/restent à confirmer.*psc@2026-11\/both-means/)
})

test('a unit without a known requirement is not lost', () => {
  expect(model([exampleUnit({ id: 'rp/x/y', verdict: 'fail', title: '', reason: '', requirements: [] })]).outside).toMatchObject([
    { id: 'rp/x/y', number: 1 },
  ])
})
