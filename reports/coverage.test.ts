import { expect, test } from 'vitest'
import { coverage, NOT_JUDGED } from './coverage.ts'
import { exampleRecord, exampleRegisters } from './example.test-data.ts'
import { exampleUnit, exampleUnits } from './example-units.test-data.ts'

const registers = exampleRegisters()
const rows = (record = exampleRecord()) =>
  new Map(coverage(record, registers).registers.flatMap((one) => one.rows.map((row) => [row.requirement.id as string, row])))

test('the worst unit speaks for the requirement', () => {
  const twice = [...exampleUnits(), exampleUnit({ id: 'rp/x/y', verdict: 'pass', title: '', reason: '', requirements: ['oidc-core@1.0/3.1.3.7-3'] })]
  expect(rows(exampleRecord(twice)).get('oidc-core@1.0/3.1.3.7-3')).toMatchObject({ verdict: 'fail', blank: null, gap: false, units: [{}, {}] })
})

test('a blank carries the reason of the register, or is a gap', () => {
  const all = rows()
  expect(all.get('psc@2026-11/mtls')).toMatchObject({ verdict: null, gap: false, blank: expect.stringMatching(/\w/) })
  expect(all.get('psc@2026-11/state-required')).toMatchObject({ verdict: null, gap: true, blank: NOT_JUDGED })
})

test('every requirement of every register has its row, every unit its place', () => {
  const record = exampleRecord([...exampleUnits(), exampleUnit({ id: 'rp/lost/one', verdict: 'pass', title: '', reason: '', requirements: [] })])
  const { registers: covered, outside } = coverage(record, registers)
  expect(covered.flatMap((one) => one.rows)).toHaveLength(registers.flatMap((one) => one.requirements).length)
  expect(outside.map(({ id }) => id)).toEqual(['rp/lost/one'])
})

test('a register of which nothing was judged has no verdict', () => {
  const native = coverage(exampleRecord(), registers).registers.find(({ register }) => register.id === 'rfc8252')
  expect(native?.verdict).toBeNull()
})
