import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Edit, Fault, OpSite } from '#core/fault.ts'
import { exchangesAt, type Journal, of } from '#core/journal.ts'
import { createBrowser, REDIRECT_URI, SECRET, startTestProvider } from './bench-harness.test-data.ts'
import { authorizationResponse, tokenResponse } from './faults.ts'
import { FLOW_COOKIE } from './index.ts'

let started: Awaited<ReturnType<typeof startTestProvider>>
beforeAll(async () => {
  started = await startTestProvider()
})
afterAll(() => started.provider.close())

const bend = (...edits: Edit[]): Fault<OpSite>[] => [{ id: 'http.essai', title: 'Essai', site: 'http', edits }]
let count = 0

/** Signs in and redeems the code by hand; `journal` is read afterwards. */
async function redeem(faults: readonly Fault<OpSite>[] = [], patience = 5000) {
  const { provider, fetch, book } = started
  const id = `fil-${++count}`
  provider.openFlow({ id, faults, persona: 'Ève', means: 'card' })
  const query = new URLSearchParams({ response_type: 'code', client_id: 'dpi', redirect_uri: REDIRECT_URI, scope: 'openid', state: 's', nonce: 'n' })
  const callback = await createBrowser(fetch, { [FLOW_COOKIE]: id }).signIn(`${provider.walletOrigin}/auth?${query}`, 'Ève', REDIRECT_URI)
  const call = fetch(`${provider.issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`dpi:${SECRET}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    }).toString(),
  })
  const outcome = await Promise.race([call, new Promise<'waiting'>((done) => setTimeout(done, patience, 'waiting'))]).catch((error: Error) => error)
  return { id, outcome, callback, journal: (): Journal => book.read(id) }
}

/** The server learns a moment after the client that its answer is gone. */
const delivered = (journal: () => Journal) => vi.waitFor(() => expect(of(journal(), 'fault-delivered')).toHaveLength(1))

describe('the answer on the wire', () => {
  it('bends status, type and headers, and keeps the honest body when told', async () => {
    const { outcome, journal } = await redeem(
      bend({ op: 'answer', path: '', on: 'token', status: 503, keepsBody: true, headers: { 'retry-after': '1', 'content-type': 'text/plain' } }),
    )
    const response = outcome as Response
    expect([response.status, response.headers.get('retry-after'), response.headers.get('content-type')]).toEqual([503, '1', 'text/plain'])
    expect(await response.json()).toHaveProperty('access_token')
    await delivered(journal)
  })

  it('touches the named endpoint only', async () => {
    const { outcome, journal } = await redeem(bend({ op: 'answer', path: '', on: 'userinfo', status: 500 }))
    expect((outcome as Response).status).toBe(200)
    expect(of(journal(), 'fault-applied')).toHaveLength(0)
  })

  it.each(['length', 'chunks', 'start'] as const)('cuts the connection (%s)', async (cut) => {
    const { outcome, journal } = await redeem(bend({ op: 'answer', path: '', on: 'token', cut }))
    if (outcome instanceof Response) await expect(outcome.json()).rejects.toThrow()
    else expect(outcome).toBeInstanceOf(Error)
    await delivered(journal)
  })

  it('says gzip without compressing, and compresses for good', async () => {
    const announced = (await redeem(bend({ op: 'answer', path: '', on: 'token', coding: 'gzip-announced' }))).outcome as Response
    expect([announced.headers.get('content-encoding'), (await announced.text())[0]]).toEqual(['gzip', '{'])
    const real = (await redeem(bend({ op: 'answer', path: '', on: 'token', coding: 'gzip' }))).outcome as Response
    expect(new Uint8Array(await real.arrayBuffer()).slice(0, 2)).toEqual(new Uint8Array([0x1f, 0x8b]))
  })

  it('streams more than the body, and says who ended it', async () => {
    const { outcome, journal } = await redeem(bend({ op: 'answer', path: '', on: 'token', padding: 300_000 }))
    expect((await (outcome as Response).text()).length).toBeGreaterThan(300_000)
    expect(of(journal(), 'provider-event').find(({ event }) => event === 'answer-ended')?.detail).toMatchObject({ site: 'token', by: 'provider' })
  })

  it.each([{ op: 'delay', path: '', on: 'token' } as const, { op: 'answer', path: '', on: 'token', drip: 20 } as const])(
    'never ends an answer ($op) until the flow is closed',
    async (edit) => {
      const { id, outcome, journal } = await redeem(bend(edit), 150)
      expect(outcome).toBe('waiting')
      await delivered(journal)
      started.provider.closeFlow(id)
    },
  )

  it('waits, then answers honestly', async () => {
    const before = performance.now()
    const { outcome } = await redeem(bend({ op: 'delay', path: '', on: 'token', milliseconds: 200 }))
    expect((outcome as Response).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(200)
  })

  it('sends elsewhere, where the visit is written down', async () => {
    const { outcome, journal } = await redeem(bend({ op: 'answer', path: '', on: 'token', status: 307, headers: { location: '{trap}' } }))
    await started.fetch((outcome as Response).headers.get('location') ?? '', { headers: { authorization: 'Basic eDp5eXl5eXl5eXk=' } })
    expect(exchangesAt(journal(), 'trap')).toHaveLength(1)
  })

  it('bends the answers of one grant only', async () => {
    const [fault] = [tokenResponse.invalidGrant()]
    expect(((await redeem([{ ...fault, grant: 'refresh_token' }])).outcome as Response).status).toBe(200)
    expect(((await redeem([{ ...fault, grant: 'authorization_code' }])).outcome as Response).status).toBe(400)
  })

  it('gives a parameter twice', async () => {
    const { callback } = await redeem([
      { ...authorizationResponse.wrongState(), edits: [{ op: 'repeat', path: 'state', value: 'autre', before: true }] },
    ])
    expect(callback.searchParams.getAll('state')).toEqual(['autre', 's'])
  })
})
