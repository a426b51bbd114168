import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateFlaw, Fault, OpSite } from '#core/fault.ts'
import { of } from '#core/journal.ts'
import { startTestProvider } from './bench-harness.test-data.ts'
import { createKeyRing } from './keys.ts'
import { signUserinfo } from './userinfo-token.ts'

let started: Awaited<ReturnType<typeof startTestProvider>>
beforeAll(async () => {
  started = await startTestProvider()
})
afterAll(() => started.provider.close())

const REFUSED: Readonly<Record<CertificateFlaw, RegExp>> = {
  'self-signed': /SELF_SIGNED|self-signed/,
  'unknown-authority': /UNABLE_TO|unable to/,
  'other-name': /altnames|ALTNAME/,
  expired: /expired|EXPIRED/,
  'not-yet-valid': /not yet valid|NOT_YET/,
}
const bad = (edit: Fault['edits'][number]): Fault<OpSite>[] => [{ id: 'tls.essai', title: 'Essai', site: 'tls', edits: [edit] }]

describe('the TLS of the back channel', () => {
  it.each(Object.entries(REFUSED))('%s: an honest client refuses it, the journal says so, and honesty comes back', async (flaw, reason) => {
    const { provider, fetch, book } = started
    const id = `tls-${flaw}`
    const faults = bad({ op: 'certificate', path: '', flaw: flaw as CertificateFlaw })
    provider.openFlow({ id, faults, persona: 'Ève', means: 'card', alone: true })
    await provider.bendTransport(id)
    await expect(fetch(provider.discoveryUrl)).rejects.toThrow(reason)
    // The server learns a moment after the client that the handshake is over: going back to honesty waits for it.
    await provider.bendTransport(null)
    expect(of(book.read(id), 'fault-delivered').length).toBeGreaterThan(0)
    expect(of(book.read(id), 'fault-applied')).toHaveLength(1)
    expect((await fetch(provider.discoveryUrl, { headers: { connection: 'close' } })).status).toBe(200)
    provider.closeFlow(id)
  })

  it.each(['TLSv1', 'TLSv1.1'] as const)('%s is not spoken by an honest client', async (version) => {
    const { provider, fetch } = started
    provider.openFlow({ id: version, faults: bad({ op: 'protocol', path: '', version }), persona: 'Ève', means: 'card', alone: true })
    await provider.bendTransport(version)
    await expect(fetch(provider.discoveryUrl)).rejects.toThrow()
    await provider.bendTransport(null)
    provider.closeFlow(version)
  })
})

it('a signed userinfo is honest but for what the edit says', () => {
  const keys = createKeyRing()
  const resolve = (symbol: object) => ('ref' in symbol ? String(symbol.ref) : 0)
  const signed = (edit: Partial<Extract<Fault['edits'][number], { op: 'sign' }>>) =>
    signUserinfo({ sub: 's' }, { id: 'u', title: 'U', site: 'userinfo', edits: [{ op: 'sign', path: '', key: 'own', ...edit }] }, keys, resolve)
      .document
  const [own, altered] = [signed({}), signed({ altered: true })]
  expect(decodeJwt(own)).toEqual({ iss: 'own-issuer', aud: 'own-client', sub: 's' })
  expect(altered.split('.').slice(0, 2)).toEqual(own.split('.').slice(0, 2))
  expect(altered).not.toBe(own)
  expect(signed({ key: 'nothing' }).endsWith('.')).toBe(true)
})
