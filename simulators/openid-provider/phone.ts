import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import type { Clock } from '#core/clock.ts'
import type { PhoneOrder } from '#core/module.ts'
import type { Flow, Flows } from './flows.ts'
import type { OpProfile } from './profile.ts'
import type { Recorder } from './recorder.ts'

/** The grant by which a product asks for the answer of the phone (OpenID CIBA Core 1.0 §10.1). */
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'

/** A request that waits on a professional's phone. */
interface Waiting {
  readonly id: string
  readonly channel: string
  readonly flow: Flow | undefined
  polls: number
  answered: boolean
}

/** The phones of the professionals: each answers as its flow says; approves at once when no flow says anything. */
export interface Phones {
  asked(request: { readonly id: string; readonly accountId: string; readonly channel: string }): Promise<void>
  /** A poll was answered; returns which one it was, from 1. The phone may answer after it. */
  polled(id: unknown): Promise<number>
  /** The professional answers now what waits in this flow. */
  answer(flow: string, decision: 'approve' | 'deny'): Promise<void>
  /** Seconds that a request of this professional lives; undefined for the profile's. */
  lifetimeOf(accountId: string): number | undefined
}

/** What the phones are made of; the provider is made after them, since it calls them. */
export interface PhoneParts {
  readonly profile: OpProfile
  readonly flows: Flows
  readonly recorder: Recorder
  readonly clock: Clock
  readonly provider: () => Provider
}

export function createPhones({ profile, flows, recorder, clock, provider }: PhoneParts): Phones {
  const waiting = new Map<string, Waiting>()
  const orderOf = (flow: Flow | undefined): PhoneOrder => flow?.phone ?? { answer: 'approve' }

  async function decide(one: Waiting, decision: 'approve' | 'deny'): Promise<void> {
    if (one.answered) return
    one.answered = true
    const op = provider()
    const request = await op.BackchannelAuthenticationRequest.find(one.id)
    if (!request) return
    recorder.note(one.flow, { kind: 'provider-event', channel: 'bench', event: decision === 'approve' ? 'phone-approved' : 'phone-denied' })
    if (decision === 'deny') return void (await op.backchannelResult(request, new errors.AccessDenied('denied by the user')))
    const grant = new op.Grant({ clientId: request.clientId as string, accountId: request.accountId as string })
    grant.addOIDCScope(profile.scopes.join(' '))
    await grant.save()
    const amr = profile.means[one.channel === 'CARD' ? 'card' : 'e-cps'].amr
    await op.backchannelResult(request, grant, { acr: profile.acr, amr: [...amr], authTime: Math.floor(clock.now() / 1000) })
  }

  /** Answers by itself when the order says so. */
  async function settle(one: Waiting): Promise<void> {
    const { answer, afterPolls = 0 } = orderOf(one.flow)
    if (answer !== 'never' && one.polls >= afterPolls) await decide(one, answer)
  }

  return {
    async asked({ id, accountId, channel }) {
      const one: Waiting = { id, channel, flow: flows.ofHandle(`ciba:${accountId}`), polls: 0, answered: false }
      for (const [known, { flow }] of waiting) if (flow && flows.get(flow.id) !== flow) waiting.delete(known)
      waiting.set(id, one)
      await settle(one)
    },
    async polled(id) {
      const one = waiting.get(String(id))
      if (!one) return 0
      one.polls += 1
      await settle(one)
      return one.polls
    },
    async answer(flow, decision) {
      for (const one of waiting.values()) if (one.flow?.id === flow) await decide(one, decision)
    },
    lifetimeOf: (accountId) => flows.ofHandle(`ciba:${accountId}`)?.phone?.expiresIn,
  }
}
