import { describe, expect, it } from 'vitest'
import { act, defineModule, login, type Module, refused } from '#core/module.ts'
import { type Plan, unfold } from '#core/plan.ts'
import type { Register, Requirement } from '#core/requirement.ts'
import type { Anchor } from '#fixtures/load.ts'
import { idsUpToDate } from './generate-ids.ts'
import { lintPlan } from './plan-lint.ts'
import { lintOrder, lintRegister } from './table-lint.ts'

const requirement = (id: string, more: Partial<Requirement> = {}) =>
  ({ id, text: 'Une règle.', level: 'doit', source: { document: 'Un texte' }, confidence: 'house', ...more }) as Requirement

const module = defineModule({
  id: 'rp/a',
  title: 'A',
  requirements: ['text@1/1' as never],
  anchors: ['RPN-01'],
  catches: [],
  appliesTo: { role: 'relying-party', needs: [] },
  mend: 'Corriger.',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
})

const known = (requirements: readonly Requirement[], anchors: readonly Partial<Anchor>[] = [{ id: 'RPN-01' }]) => ({
  requirements: new Map(requirements.map((row) => [row.id as string, row])),
  personas: new Set(['canari']),
  anchors: new Map(anchors.map((row) => [row.id as string, row as Anchor])),
})
const plan = (...modules: Module[]): Plan[] => [{ id: 'relying-party', title: 'Plan', units: modules.flatMap((one) => unfold(one)) }]
const one = [requirement('text@1/1')]

describe('registers', () => {
  it('are in the order of their ids, where numbers count as numbers', () => {
    expect(lintOrder('a.json', ['a/1.2', 'a/1.10', 'a/2'])).toEqual([])
    expect(lintOrder('a.json', ['a/10', 'a/9'])).toEqual(['fixtures/a.json : « a/9 » se range avant « a/10 ».'])
    expect(lintOrder('a.json', ['a/1', 'a/1'])).toEqual(['fixtures/a.json : « a/1 » figure deux fois.'])
  })

  it('are named after themselves, and so are their rows', () => {
    const register = { id: 'text', edition: '1', requirements: [requirement('text@1/1'), requirement('text@2/1')] } as unknown as Register
    expect(lintRegister('requirements/text@2.json', register)).toEqual([
      "fixtures/requirements/text@2.json devrait s'appeler text@1.json.",
      'fixtures/requirements/text@2.json : « text@2/1 » devrait commencer par « text@1/ ».',
    ])
  })

  it('have their ids as types', () => expect(idsUpToDate()).toBe(true))
})

describe('a plan against the tables', () => {
  it('is silent when they meet, and when there is no plan yet', () => {
    expect(lintPlan(plan(module), known(one))).toEqual([])
    expect(lintPlan([], known(one))).toEqual([])
  })

  it('tells ids that point nowhere', () => {
    const lost = {
      ...module,
      requirements: ['text@1/2' as never],
      anchors: ['RPN-99' as never],
      control: 'rp/b',
      when: act('logout', { persona: 'canary' as never }),
    }
    expect(lintPlan(plan(module, { ...lost, id: 'rp/lost' }), known(one))).toEqual([
      "rp/lost nomme l'exigence « text@1/2 », qui n'existe pas (vouliez-vous dire « text@1/1 » ?).",
      "rp/lost nomme le contrôle « RPN-99 », qui n'existe pas (vouliez-vous dire « RPN-01 » ?).",
      "rp/lost nomme la personne « canary », qui n'existe pas (vouliez-vous dire « canari » ?).",
      "rp/lost nomme le jumeau honnête « rp/b », qui n'existe pas (vouliez-vous dire « rp/a » ?).",
    ])
  })

  it('tells a requirement that nothing answers', () => {
    expect(lintPlan(plan(module), known([...one, requirement('text@1/2')]))).toEqual([
      expect.stringContaining('Aucune épreuve ne répond à « text@1/2 »'),
    ])
    expect(lintPlan(plan(module), known([...one, requirement('text@1/2', { notTested: 'Plus tard.' })]))).toEqual([])
  })

  it('tells a reason that has become untrue', () => {
    expect(lintPlan(plan(module), known([requirement('text@1/1', { notTested: 'Plus tard.' })]))).toEqual([
      '« text@1/1 » est éprouvée : retirez son « notTested ».',
    ])
  })

  it('tells units of one name, and units that answer nothing', () => {
    expect(lintPlan(plan(module, module), known(one))).toEqual(["Deux épreuves s'appellent « rp/a »."])
    expect(lintPlan(plan(module, { ...module, id: 'rp/b', requirements: [] }), known(one))).toEqual(['rp/b ne répond à aucune exigence.'])
  })

  it('tells a catalogue that names a unit which is not there', () => {
    const anchors = [{ id: 'RPN-01', answeredBy: ['rp/c'], reason: 'Sans objet.' }] as unknown as Anchor[]
    expect(lintPlan(plan(module), known(one, anchors))).toEqual([
      "fixtures/anchors.json (RPN-01) nomme l'épreuve « rp/c », qui n'existe pas (vouliez-vous dire « rp/a » ?).",
      "fixtures/anchors.json : « RPN-01 » a des réponses et une raison de n'en pas avoir.",
    ])
  })
})
