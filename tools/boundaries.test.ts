import { describe, expect, it } from 'vitest'
import { breaches, checkBoundaries, tellBreach } from './boundaries.ts'
import { importsOf } from './imports.ts'

const rule = (file: string, source: string) => breaches(new Map([[file, source]])).map((breach) => breach.rule)

describe('the imports of a file', () => {
  it.each([
    ["import { a } from './a.ts'", './a.ts', false],
    ["import a, { type B } from './a.ts'", './a.ts', false],
    ["import * as a from './a.ts'", './a.ts', false],
    ["import type { A } from '#core/a.ts'", '#core/a.ts', true],
    ["import {\n  a,\n  b,\n} from './a.ts'", './a.ts', false],
    ["import './a.ts'", './a.ts', false],
    ["export * from './a.ts'", './a.ts', false],
    ["export type { A } from './a.ts'", './a.ts', true],
    ["const a = await import('./a.ts')", './a.ts', false],
    ["const a = require('./a.cjs')", './a.cjs', false],
    ["new URL('../fixtures/a.json', import.meta.url)", '../fixtures/a.json', false],
    ["declare module '#core/a.ts' {", '#core/a.ts', true],
    ["import table from './a.json' with { type: 'json' }", './a.json', false],
  ])('%s', (source, specifier, typeOnly) => {
    expect(importsOf(source)).toMatchObject([{ specifier, typeOnly }])
  })

  it('are not looked for in comments, and carry their line', () => {
    const source = "/**\n * import { a } from '#suites/a.ts'\n */\n// import './b.ts'\nimport { c } from './c.ts'\n"
    expect(importsOf(source)).toEqual([{ specifier: './c.ts', line: 5, typeOnly: false }])
  })

  it('are told apart from what is written around them', () => {
    expect(importsOf("export interface A {\n  readonly a: string\n}\nimport type { B } from './b.ts'")).toEqual([
      { specifier: './b.ts', line: 4, typeOnly: true },
    ])
  })
})

describe('the table of who may import whom', () => {
  it.each([
    ['core/a.ts', "import { b } from './b.ts'"],
    ['core/a.ts', "import type { Page } from 'playwright'"],
    ['fixtures/a.ts', "import type { Json } from '#core/fault.ts'"],
    ['simulators/openid-provider/a.ts', "import { listen } from '../wire/listen.ts'"],
    ['simulators/cards/desfire/a.ts', "import { keys } from '../../kms/index.ts'"],
    ['targets/reference/a.ts', "import { profile } from '#simulators/openid-provider/profile.ts'"],
    ['targets/third-party/x/x.driver.ts', "import { defineDriver } from '#core/driver.ts'"],
    ['targets/third-party/x/x.driver.ts', "import { words } from './words.ts'"],
    ['suites/relying-party/a.ts', "import { personas } from '#fixtures/load.ts'"],
    ['reports/a.ts', "import { requirement } from '#fixtures/load.ts'"],
    ['cli/check.ts', "import { check } from '#tools/check.ts'"],
    ['tools/a.ts', "import { loadPlan } from '#suites/plans.ts'"],
    ['simulators/openid-provider/a.test.ts', "import { personas } from '#fixtures/load.ts'"],
    ['simulators/openid-provider/a.test.ts', "import { made } from './a.test-data.ts'"],
    ['vitest.config.ts', "import { personas } from './fixtures/load.ts'"],
  ])('allows %s to write %s', (file, source) => {
    expect(rule(file, source)).toEqual([])
  })

  it.each([
    ['core/a.ts', "import { readFileSync } from 'node:fs'", 'est pur'],
    ['core/a.ts', "import type { Persona } from '#fixtures/load.ts'", "« core » n'importe aucune autre pièce"],
    ['fixtures/a.ts', "import { listen } from '#simulators/wire/listen.ts'", "n'importe que « core »"],
    ['simulators/openid-provider/a.ts', "import type { Persona } from '#fixtures/load.ts'", 'il ne lit pas les tables'],
    ['simulators/openid-provider/a.ts', "const t = new URL('../../fixtures/anchors.json', import.meta.url)", 'il ne lit pas les tables'],
    ['simulators/openid-provider/a.ts', "import { client } from '../relying-party/client.ts'", 'sur le fil'],
    ['simulators/wire/a.ts', "import { engine } from '#simulators/openid-provider/engine.ts'", 'sur le fil'],
    ['simulators/cards/pcsc-mock/a.ts', "import { hex } from '#core/hex.ts'", 'pcsc-mock'],
    ['targets/third-party/x/a.ts', "import { profile } from '#simulators/openid-provider/profile.ts'", "n'importe que « core »"],
    ['targets/third-party/x/a.ts', "import { app } from '../../reference/app.ts'", 'une autre cible'],
    ['targets/third-party/x/x.driver.ts', "import { login } from '../y/y.driver.ts'", 'un pilote'],
    ['targets/reference/a.driver.ts', "import { profile } from '#simulators/openid-provider/profile.ts'", 'un pilote'],
    ['suites/a.ts', "import { told } from '#reports/console.ts'", 'ne rédige pas les rapports'],
    ['suites/a.ts', "export { told } from '../cli/bin.mjs'", '« suites »'],
    ['reports/a.ts', "const plans = await import('#suites/plans.ts')", 'ne lit que le compte rendu'],
    ['reports/a.ts', "import { made } from './example.test-data.ts'", 'de test'],
    ['suites/a.ts', "import { check } from '#tools/check.ts'", '« suites »'],
    ['cli/a.ts', "import { measure } from '#benchmarks/measure.ts'", '« cli »'],
    ['attic/a.ts', "import { b } from '#core/b.ts'", "n'est pas une pièce connue"],
  ])('refuses that %s writes %s', (file, source, words) => {
    expect(rule(file, source)).toEqual([expect.stringContaining(words)])
  })

  it('names file, line and rule', () => {
    const [breach] = breaches(new Map([['fixtures/a.ts', "\nimport { a } from '../suites/a.ts'"]]))
    expect(breach && tellBreach(breach)).toBe(
      "fixtures/a.ts:2 importe suites/a.ts : « fixtures » n'importe que « core » (ce sont des données, sans comportement).",
    )
  })
})

it('the house keeps its own table', () => {
  expect(checkBoundaries().map(tellBreach)).toEqual([])
})
