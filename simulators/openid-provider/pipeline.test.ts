import { createPublicKey } from 'node:crypto'
import { compactVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Fault, OpSite } from '#core/fault.ts'
import { idToken } from './faults.ts'
import { bendIdToken } from './id-token-pipeline.ts'
import { createKeyRing } from './keys.ts'

const keys = createKeyRing()
const [key] = keys.keys
const publicKey = createPublicKey(key.privateKey)
const honest = await new SignJWT({
  iss: 'https://auth.psc.test',
  sub: 's',
  aud: 'dpi',
  azp: 'dpi',
  exp: 2_000_000_000,
  iat: 1_900_000_000,
  nonce: 'n',
  acr: 'eidas1',
})
  .setProtectedHeader({ alg: 'RS256', kid: key.kid })
  .sign(key.privateKey)
const resolve = () => 'résolu'
const faults = Object.values(idToken).map((make) => (make as (value: string) => Fault<OpSite>)('eidas0'))

describe('one deviation at a time', () => {
  it.each(faults.filter(({ site }) => site === 'id_token.claims'))('$id is wrong only where it says: the signature still verifies', async (fault) => {
    const numeric = fault.id === 'id_token.expired' ? idToken.expired() : fault.id === 'id_token.not-yet-valid' ? idToken.notYetValid() : fault
    const { document, applied } = bendIdToken(honest, [numeric], keys, 'secret', resolve)
    expect(applied).toHaveLength(1)
    const { payload } = await compactVerify(document, publicKey)
    const before = JSON.parse(Buffer.from(honest.split('.')[1] ?? '', 'base64url').toString())
    const after = JSON.parse(new TextDecoder().decode(payload))
    const touched = new Set(applied.flatMap(({ changes }) => changes.map(({ path }) => path)))
    for (const claim of Object.keys({ ...before, ...after })) expect(after[claim] === before[claim], claim).toBe(!touched.has(claim))
  })

  it.each(faults.filter(({ site }) => site !== 'id_token.claims'))('$id leaves the claims alone and breaks the signature', async (fault) => {
    const { document, applied } = bendIdToken(honest, [fault], keys, 'secret', resolve)
    expect(applied).toHaveLength(1)
    expect(document.split('.')[1]).toBe(honest.split('.')[1])
    await expect(compactVerify(document, publicKey)).rejects.toThrow()
  })

  it('a fault that would change nothing is an error, not silence', () => {
    expect(() => bendIdToken(honest, [idToken.acr('eidas1')], keys, 'secret', resolve)).toThrow(/n'aurait rien changé/)
  })

  it('without faults the token is handed on unchanged', () => {
    expect(bendIdToken(honest, [], keys, '', resolve).document).toBe(honest)
  })
})
