import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { handClock } from '#core/clock.ts'
import type { Fault, OpSite } from '#core/fault.ts'
import { createKeyRing } from './keys.ts'
import { logoutToken } from './logout-notice.ts'
import { createStore } from './store.ts'

const keys = createKeyRing()
const session = { sid: 's1', sub: 'f:x:1', idToken: '' }
const parts = { issuer: 'https://auth.test', clientId: 'dpi', keys, secret: 'x'.repeat(40), now: 1_800_000_000, resolve: () => 'autre' }
const [first] = keys.keys
const { kid, alg, jwk } = first
const published = createLocalJWKSet({ keys: [{ kty: 'RSA', n: String(jwk['n']), e: String(jwk['e']), kid, alg, use: 'sig' }] })
const verified = (token: string) => jwtVerify(token, published, { currentDate: new Date(parts.now * 1000), algorithms: ['RS256'] })
const claim = (path: string): Fault<OpSite> => ({
  id: path,
  title: path,
  site: 'logout_token.claims',
  edits: [{ op: 'set', path, value: { ref: 'x' } }],
})

describe('a logout token', () => {
  it('is what the standard asks for', async () => {
    const { document, applied } = logoutToken(session, [], parts)
    const { payload, protectedHeader } = await verified(document)
    expect(applied).toEqual([])
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'logout+jwt' })
    expect(payload).toMatchObject({ iss: parts.issuer, aud: 'dpi', sub: 'f:x:1', sid: 's1', iat: parts.now, exp: parts.now + 120 })
    expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    expect(payload['nonce']).toBeUndefined()
  })

  it.each(['iss', 'aud', 'sub', 'sid', 'jti', 'events'])('with another %s is still correctly signed, and wrong in nothing else', async (path) => {
    const { document, applied } = logoutToken(session, [claim(path)], parts)
    const { payload } = await verified(document)
    const honest = decodeJwt(logoutToken(session, [], parts).document)
    expect(payload[path]).toBe('autre')
    expect({ ...payload, [path]: 0, jti: 0 }).toEqual({ ...honest, [path]: 0, jti: 0 })
    expect(applied.map(({ fault }) => fault.site)).toEqual(['logout_token.claims'])
  })

  it('leaves alone what is meant for other documents', async () => {
    const other: Fault<OpSite> = { ...claim('aud'), site: 'id_token.claims' }
    expect((await verified(logoutToken(session, [other], parts).document)).payload.aud).toBe('dpi')
  })

  it('signed by a foreign key does not verify', async () => {
    const edits = [{ op: 'replace-key', path: '', key: 'foreign', alg: 'RS256' }] as const
    const { document } = logoutToken(session, [{ id: 'k', title: 'k', site: 'logout_token.key', edits }], parts)
    await expect(verified(document)).rejects.toThrow()
  })
})

describe('the session at the provider', () => {
  it('ends after its idle time, and after its whole time however it is used', async () => {
    const clock = handClock(1_800_000_000_000)
    const store = createStore({ clock, session: { absolute: 14_400, idle: 1800 } })('Session')
    const use = () => store.upsert('id', { uid: 'u', accountId: 'a', loginTs: 1 }, 14_400)
    await use()
    clock.advance(1_799_000)
    expect(await store.find('id')).toBeTruthy()
    clock.advance(1000)
    expect(await store.find('id')).toBeUndefined()
    for (let minutes = 0; minutes < 3 * 60; minutes += 15) {
      await use()
      clock.advance(15 * 60_000)
    }
    await use()
    clock.set(1_800_000_000_000 + 14_399_000)
    await use()
    expect(await store.find('id')).toBeTruthy()
    clock.advance(1000)
    expect(await store.find('id')).toBeUndefined()
  })
})
