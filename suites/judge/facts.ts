import type { Finding } from '#core/finding.ts'
import type { Journal } from '#core/journal.ts'
import type { Fact, Module } from '#core/module.ts'
import type { Verdict } from '#core/verdict.ts'
import type { Check } from './facts/check.ts'
import { COOKIE_FACTS } from './facts/cookies.ts'
import { FRONT_CHANNEL_FACTS } from './facts/front-channel.ts'
import { KEY_FACTS } from './facts/keys.ts'
import { LOGIN_FACTS } from './facts/login.ts'
import { LOGOUT_FACTS } from './facts/logout.ts'
import { NETWORK_FACTS } from './facts/network.ts'
import { PHONE_FACTS } from './facts/phone.ts'
import { PROVIDERS_FACTS } from './facts/providers.ts'
import { RENEWAL_FACTS } from './facts/renewal.ts'
import { SESSION_FACTS } from './facts/session.ts'
import { SHARED_WORKSTATION_FACTS } from './facts/shared-workstation.ts'
import { SHOWN_FACTS } from './facts/shown.ts'
import { WORKSTATION_FACTS } from './facts/workstation.ts'
import type { JudgeContext } from './judge.ts'

const CHECKS: Readonly<Record<Fact, Check>> = {
  ...KEY_FACTS,
  ...LOGIN_FACTS,
  ...LOGOUT_FACTS,
  ...PHONE_FACTS,
  ...PROVIDERS_FACTS,
  ...SHOWN_FACTS,
  ...SESSION_FACTS,
  ...NETWORK_FACTS,
  ...RENEWAL_FACTS,
  ...COOKIE_FACTS,
  ...FRONT_CHANNEL_FACTS,
  ...SHARED_WORKSTATION_FACTS,
  ...WORKSTATION_FACTS,
}

export function judgeFacts(facts: readonly Fact[], module: Module, journal: Journal, breach: Verdict, context: JudgeContext): Finding[] {
  return facts.flatMap((fact) => {
    const lack = CHECKS[fact](journal, module, context)
    if (!lack) return []
    const { unknown, noted, ...rest } = lack
    return [{ verdict: unknown ? ('inconclusive' as const) : noted ? ('pass' as const) : breach, ...rest }]
  })
}
