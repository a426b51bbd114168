import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTargetFile } from '#fixtures/target-file.ts'
import { violations } from '#fixtures/validate.ts'
import { compare, type Expected, type FieldRun, renew } from './field.ts'
import { loadPlan } from './plans.ts'

const house = join(import.meta.dirname, '..')
const known = ['rp/a', 'rp/b', 'rp/c#x', 'rp/d']
const expected: Expected = {
  product: 'dpi',
  version: '1',
  recordedOn: '2026-11-23',
  units: { 'rp/b': { verdict: 'fail', why: 'Parce que.', source: 'Directive B' } },
}

function run(verdicts: Readonly<Record<string, FieldRun['units'][number]['verdict']>>, selected: readonly string[] = known): FieldRun {
  return { known, selected, units: Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, reason: `Raison de ${id}.` })) }
}

const asExpected = { 'rp/a': 'pass', 'rp/b': 'fail', 'rp/c#x': 'inapplicable', 'rp/d': 'pass' } as const

describe('the comparison with what is known of a product', () => {
  it('finds no difference in what was expected, what passes and what does not apply', () => {
    expect(compare(expected, run(asExpected))).toEqual([])
  })

  it('tells a new failure with its reason', () => {
    expect(compare(expected, run({ ...asExpected, 'rp/d': 'fail' }))).toEqual([
      'rp/d : attendu « conforme », obtenu « non conforme ». Raison de rp/d.',
    ])
  })

  it('tells an expected failure that now passes', () => {
    expect(compare(expected, run({ ...asExpected, 'rp/b': 'pass' }))).toEqual([
      "rp/b : attendu « non conforme », obtenu « conforme ». L'écart a disparu : retirez-le des résultats attendus.",
    ])
  })

  it('tells an expected failure that became something else, even not applicable', () => {
    expect(compare(expected, run({ ...asExpected, 'rp/b': 'inapplicable' }))).toHaveLength(1)
    expect(compare(expected, run({ ...asExpected, 'rp/b': 'inconclusive' }))[0]).toContain('obtenu « non concluant »')
  })

  it('tells a listed unit that does not exist, with the nearest name', () => {
    const wrong: Expected = { ...expected, units: { ...expected.units, 'rp/dd': { verdict: 'fail', why: 'Parce que.' } } }
    expect(compare(wrong, run(asExpected))).toEqual([expect.stringMatching(/^rp\/dd : attendu, mais aucune épreuve .* Vouliez-vous dire rp\/d/)])
  })

  it('tells a unit that was asked for and not played, and says nothing of those that were not asked for', () => {
    const { 'rp/b': _, ...others } = asExpected
    expect(compare(expected, run(others))).toEqual(["rp/b : l'épreuve n'a pas été jouée."])
    expect(compare(expected, run({ 'rp/a': 'pass' }, ['rp/a']))).toEqual([])
  })
})

describe('renewing the table', () => {
  const stamp = { version: '2', recordedOn: '2026-12-01' }

  it('takes verdicts from the run, keeps the explanations, drops what passes', () => {
    const renewed = renew(expected, run({ ...asExpected, 'rp/b': 'warning' }), stamp)
    expect(renewed).toEqual({
      expected: {
        ...expected,
        ...stamp,
        verdicts: { warning: 1, pass: 2, inapplicable: 1 },
        units: { 'rp/b': { verdict: 'warning', why: 'Parce que.', source: 'Directive B' } },
      },
      unexplained: [],
    })
    expect(renew(expected, run({ ...asExpected, 'rp/b': 'pass' }), stamp).expected.units).toEqual({})
  })

  it('asks for the explanation of a new deviation, which the schema then refuses to be without', () => {
    const { expected: written, unexplained } = renew(expected, run({ ...asExpected, 'rp/a': 'fail' }), stamp)
    expect(unexplained).toEqual(['rp/a'])
    expect(Object.keys(written.units)).toEqual(['rp/a', 'rp/b'])
    expect(violations('expected', written).map(({ path, sentence }) => `${path} ${sentence}`)).toEqual(['units.rp/a.why ne peut pas être vide'])
  })

  it('counts the verdicts of a whole plan only', () => {
    expect(renew(expected, run({ 'rp/a': 'pass' }, ['rp/a']), stamp).expected.verdicts).toBeUndefined()
  })

  it('keeps what was not played and never writes an error of the harness', () => {
    expect(renew(expected, run({ 'rp/a': 'error' }, ['rp/a']), stamp).expected.units).toEqual(expected.units)
  })
})

describe('the tables of the real products', async () => {
  const { units } = await loadPlan('relying-party')
  const ids = units.map(({ id }) => id)
  const folders = globSync('targets/third-party/*/', { cwd: house }).map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''))
  const read = (path: string): unknown => JSON.parse(readFileSync(join(house, path), 'utf8'))

  it.each(folders)('%s is named the same everywhere, valid, and speaks of units of the plan', (folder) => {
    const name = folder.split('/').at(-1) ?? ''
    const table = read(`${folder}/expected.json`) as Expected
    const product = read(`${folder}/product.json`) as { id: string }
    expect(violations('expected', table)).toEqual([])
    expect(violations('product', product)).toEqual([])
    expect([product.id, table.product, readTargetFile(join(house, folder, `${name}.target.json`)).target.id]).toEqual([name, name, name])
    expect(Object.keys(table.units).filter((id) => !ids.includes(id))).toEqual([])
  })
})
