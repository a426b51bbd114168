import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault, OpSite } from '#core/fault.ts'
import { exchangesAt, of } from '#core/journal.ts'
import type { PhoneOrder } from '#core/module.ts'
import { SECRET, startTestProvider } from './bench-harness.test-data.ts'

const GRANT = 'urn:openid:params:grant-type:ciba'

describe('the phone of a flow', () => {
  let started: Awaited<ReturnType<typeof startTestProvider>>
  let client: oidc.Configuration
  let count = 0
  beforeAll(async () => {
    started = await startTestProvider({ ciba: true })
    const server = (await (await started.fetch(started.provider.discoveryUrl)).json()) as oidc.ServerMetadata
    client = new oidc.Configuration(server, 'dpi', {}, oidc.ClientSecretBasic(SECRET))
    client[oidc.customFetch] = started.fetch as oidc.CustomFetch
  })
  afterAll(() => started.provider.close())

  async function ask(phone: PhoneOrder, faults: readonly Fault<OpSite>[] = []) {
    const id = `phone-${++count}`
    started.provider.openFlow({ id, faults, persona: 'Ève', means: 'e-cps', phone })
    const request = await oidc.initiateBackchannelAuthentication(client, {
      scope: 'openid scope_all',
      login_hint: '899900000000',
      binding_message: '42',
    })
    const poll = async () => {
      const answer = oidc.genericGrantRequest(client, GRANT, { auth_req_id: request.auth_req_id })
      return answer.then(
        (tokens) => tokens.claims()?.sub,
        (error: unknown) => (error as oidc.ResponseBodyError).error,
      )
    }
    return { id, request, poll, journal: () => started.book.read(id) }
  }

  it('answers after so many polls, with the interval and the life that the flow declares', async () => {
    const { request, poll, journal } = await ask({ answer: 'approve', afterPolls: 2, interval: 1, expiresIn: 20 })
    expect([request.interval, request.expires_in]).toEqual([1, 20])
    expect([await poll(), await poll(), await poll()]).toEqual(['authorization_pending', 'authorization_pending', 'f:0000:899900000000'])
    expect(exchangesAt(journal(), 'token').map(({ error }) => error)).toEqual(['authorization_pending', 'authorization_pending', undefined])
    expect(of(journal(), 'provider-event').map(({ event }) => event)).toEqual(['phone-approved'])
  })

  it('denies, and answers when the scene says so', async () => {
    const denied = await ask({ answer: 'deny', afterPolls: 1 })
    expect([await denied.poll(), await denied.poll()]).toEqual(['authorization_pending', 'access_denied'])
    const late = await ask({ answer: 'never' })
    expect(await late.poll()).toBe('authorization_pending')
    await started.provider.answerPhone(late.id, 'approve')
    expect(await late.poll()).toBe('f:0000:899900000000')
  })

  it('bends one poll and leaves the others honest', async () => {
    const slow: Fault<OpSite> = {
      id: 'x',
      title: 'X',
      site: 'http',
      poll: 1,
      edits: [{ op: 'answer', path: '', on: 'token', status: 400, body: '{"error":"slow_down"}' }],
    }
    const { poll, journal } = await ask({ answer: 'approve', afterPolls: 1 }, [slow])
    expect([await poll(), await poll()]).toEqual(['slow_down', 'f:0000:899900000000'])
    expect(of(journal(), 'fault-delivered')).toHaveLength(1)
  })
})

describe('two providers', () => {
  it('find what the other one issued in the same flow, and mark what the second saw', async () => {
    const first = await startTestProvider()
    const second = await startTestProvider({}, { book: first.book, actor: 'hostile' })
    second.provider.meet(first.provider.asPeer())
    const forward: Fault<OpSite> = { id: 'f', title: 'F', site: 'authorization.request', edits: [{ op: 'forward', path: '' }] }
    second.provider.openFlow({ id: 'deux', faults: [forward], persona: 'Ève', means: 'card' })
    const response = await second.fetch(`${second.provider.walletOrigin}/auth?client_id=autre&state=s&nonce=n`, {
      headers: { cookie: 'hospicert_flow=deux' },
    })
    const location = new URL(response.headers.get('location') ?? '')
    expect(location.origin).toBe(first.provider.walletOrigin)
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      client_id: 'dpi',
      state: 's',
      nonce: 'n',
      redirect_uri: 'https://dpi.test/retour',
    })
    const journal = first.book.read('deux')
    expect(exchangesAt(journal, 'authorization')).toEqual([])
    expect(exchangesAt(journal, 'authorization', 'hostile')).toHaveLength(1)
    expect(of(journal, 'fault-delivered').map(({ actor, fault }) => [actor, fault])).toEqual([['hostile', 'f']])
    await first.provider.close()
    await second.provider.close()
  })
})
