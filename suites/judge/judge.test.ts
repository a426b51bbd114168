import { describe, expect, it } from 'vitest'
import type { Draft, Journal } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import outage from '../relying-party/login/outage.module.ts'
import withoutState from '../relying-party/logout/without-state.module.ts'
import { contextOf } from '../run-unit.ts'
import { judge } from './judge.ts'

const judging = { redirectUri: 'https://dpi.test/retour', walletOrigin: 'https://wallet.psc.test', refusalDeclared: true }
const look = (moment: string, signedIn: string | null): Draft =>
  ({
    kind: 'observation',
    channel: 'bench',
    moment,
    signedIn,
    url: 'https://dpi.test/',
    httpStatus: 200,
    text: 'une page du produit',
    needles: [],
  }) as Draft
const delivered = (fault: string): Draft[] => [
  { kind: 'fault-applied', channel: 'back-channel', fault, title: fault, site: 'x', changes: [] },
  { kind: 'fault-delivered', channel: 'back-channel', fault, to: 'target' },
]
const verdictOf = (module: Module, drafts: readonly Draft[]) => {
  const journal = drafts.map((draft, index) => ({ seq: index + 1, at: '', flow: 'f', ...draft })) as Journal
  const control = module.control ? { id: module.control, verdict: 'pass' as const } : undefined
  return judge(module, journal, contextOf(judging, control)).verdict
}

describe('what was to be endured must have been served', () => {
  const signedOut = [look('after-login', 'canari'), look('after-sign-out', null), look('protected-page', null)]
  it('a sign-out that never meets the altered return proves nothing about it', () => {
    expect(verdictOf(withoutState, signedOut)).toBe('inconclusive')
    expect(verdictOf(withoutState, [...delivered('logout.without-state'), ...signedOut])).toBe('pass')
  })

  it('a recovery from an outage that the product never felt proves nothing', () => {
    const recovered = [look('after-login', null), look('after-retry', 'canari')]
    expect(verdictOf(outage, recovered)).toBe('inconclusive')
    expect(verdictOf(outage, [...delivered('token.unavailable'), ...recovered])).toBe('pass')
  })
})
