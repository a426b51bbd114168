import { expect, test } from 'vitest'
import type { Entry } from '#core/journal.ts'
import { exampleJournal, exampleUnits } from './example-units.test-data.ts'
import { tell, tellAsText } from './exchange.ts'

const [, unit] = exampleUnits()
const journal = unit ? exampleJournal(unit) : []

test('a conversation that can be read aloud: who, to whom, what, how long', () => {
  const lines = tellAsText(journal).split('\n')
  expect(lines[0]).toBe('1. Banc : Ouvre la page du produit')
  expect(lines).toContain('2. Navigateur → PSC GET …/auth 303 (8 ms)')
  expect(lines).toContain("4. Simulateur : anomalie appliquée — L'audience est celle d'un autre client (id_token.claims)")
  expect(lines).toContain('     - honnête : "dpi-etoile"')
  expect(lines).toContain('6. Simulateur : anomalie remise au produit (id_token.wrong-audience)')
  expect(lines).toContain('7. Écran, après la connexion : connecté(e) = « canari » (HTTP 200)')
})

test('in the order of time, whatever the order of recording', () => {
  const at = (seq: number, time: string): Entry => ({
    seq,
    at: `2026-11-23T08:00:0${time}Z`,
    flow: 'f',
    kind: 'action',
    channel: 'bench',
    verb: 'x',
    title: `n° ${seq}`,
  })
  expect(tell([at(1, '2.000'), at(2, '1.000'), at(3, '2.000')]).map(({ number, entry }) => [number, entry.seq])).toEqual([
    [1, 2],
    [2, 1],
    [3, 3],
  ])
})

test('hostile text stays on its line and loses its control codes', () => {
  expect(tellAsText(journal).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
})
