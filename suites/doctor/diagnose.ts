import { type Advice, type Diagnosis, TOPICS, type Topic, type TopicOutcome } from '#core/diagnosis.ts'
import { advice } from '#fixtures/load.ts'
import { identity, token } from './checks/back-channel.ts'
import { start, target } from './checks/before.ts'
import { cookies } from './checks/cookies.ts'
import { canary, logout } from './checks/outcome.ts'
import { certificate, clock, page, reach } from './checks/product.ts'
import { client, request, returned } from './checks/request.ts'
import { discovery, simulator } from './checks/simulator.ts'
import type { Evidence } from './evidence.ts'
import type { Check, Found } from './found.ts'

const CHECKS: Readonly<Record<Topic, Check>> = {
  target,
  start,
  reach,
  certificate,
  clock,
  page,
  simulator,
  discovery,
  client,
  request,
  return: returned,
  cookies,
  token,
  identity,
  canary,
  logout,
}

/** Everything that can be said of what was seen, topic by topic. Pure: the same evidence gives the same lines. */
export function diagnose(evidence: Evidence): readonly TopicOutcome[] {
  return (Object.keys(TOPICS) as Topic[]).map((topic) => {
    const { found = [], well, unseen } = CHECKS[topic](evidence)
    const diagnoses = found.map(named)
    if (diagnoses.length > 0) return { topic, state: worst(diagnoses), seen: '', diagnoses }
    if (well !== undefined) return { topic, state: 'ok', seen: well, diagnoses }
    return { topic, state: 'unseen', seen: unseen ?? '', diagnoses }
  })
}

/** A finding joined with its advice. */
export function named({ id, seen, state, target: path, change }: Found): Diagnosis {
  const known = advice().get(id) as Advice
  const where = path ?? known.target
  return { id, state: state ?? known.state, seen, ...(where ? { target: where } : {}), ...(change ? { change } : {}) }
}

/** The likeliest cause of a failed login: the first fault that it met. */
export function best(outcomes: readonly TopicOutcome[]): Diagnosis | undefined {
  return outcomes.flatMap(({ diagnoses }) => diagnoses).find(({ state }) => state === 'erreur')
}

function worst(diagnoses: readonly Diagnosis[]): 'attention' | 'erreur' {
  return diagnoses.some(({ state }) => state === 'erreur') ? 'erreur' : 'attention'
}
