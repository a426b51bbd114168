import { createHash, createHmac } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Edit, Fault, OpSite } from '#core/fault.ts'
import { bendIdToken } from './id-token-pipeline.ts'
import { createKeyRing, publicKeyOf } from './keys.ts'

const keys = createKeyRing()
const [key] = keys.keys
const publicKey = publicKeyOf(key)
const honest = await new SignJWT({ sub: 's', aud: 'dpi' }).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey)
const resolve = () => 'résolu'

function bend(site: OpSite, edit: Edit): string {
  const fault: Fault<OpSite> = { id: 'essai', title: 'Essai', site, edits: [edit] }
  const { document, applied } = bendIdToken(honest, [fault], keys, 'secret', resolve)
  expect(applied).toHaveLength(1)
  return document
}

describe('a token bent at one place stays honest at the others', () => {
  it('a claim that stands twice, or a payload that is no object, is still well signed', async () => {
    const twice = await compactVerify(bend('id_token.claims', { op: 'repeat', path: 'sub', value: 'autre' }), publicKey)
    expect(new TextDecoder().decode(twice.payload)).toBe('{"sub":"s","aud":"dpi","sub":"autre"}')
    const list = await compactVerify(bend('id_token.claims', { op: 'payload', path: '', text: '[]' }), publicKey)
    expect(new TextDecoder().decode(list.payload)).toBe('[]')
  })

  it.each(['PS256', 'ES256', 'EdDSA', 'RS512'] as const)('the published key signs under %s', async (alg) => {
    const token = bend('id_token.key', { op: 'replace-key', path: '', key: 'published', alg })
    const own = keys.keys.find((one) => one.alg === alg) ?? key
    expect(decodeProtectedHeader(token)).toEqual({ alg, kid: own.kid })
    await expect(compactVerify(token, publicKeyOf(own))).resolves.toBeTruthy()
    expect(token.split('.')[1]).toBe(honest.split('.')[1])
  })

  it('a hostile key signs, with what the header says of it resolved at any depth', async () => {
    const header = { jwk: { kty: 'RSA', x5c: [{ ref: 'certificat' }] } }
    const token = bend('id_token.key', { op: 'replace-key', path: '', key: 'foreign', alg: 'agreed', kid: { ref: 'kid' }, header })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: 'résolu', jwk: { kty: 'RSA', x5c: ['résolu'] } })
    await expect(compactVerify(token, publicKeyOf(keys.foreign('RS256')))).resolves.toBeTruthy()
  })

  it('a kid of null is left out', () => {
    expect(decodeProtectedHeader(bend('id_token.key', { op: 'replace-key', path: '', key: 'foreign', kid: null }))).toEqual({ alg: 'RS256' })
  })

  it('the public key is written as it is told, and keys the HMAC', () => {
    const pem = String(publicKey.export({ type: 'pkcs1', format: 'pem' }))
    const spellings = {
      'pkcs1-pem-crlf': pem.replaceAll('\n', '\r\n'),
      'pkcs1-der': publicKey.export({ type: 'pkcs1', format: 'der' }),
      kty: 'RSA',
    } as const
    for (const [spelling, secret] of Object.entries(spellings)) {
      const edit = { op: 'replace-key', path: '', key: 'public-key-as-secret', alg: 'HS256', spelling: spelling as keyof typeof spellings } as const
      const [header, payload, signature] = bend('id_token.key', edit).split('.')
      expect(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'), spelling).toBe(signature)
    }
  })

  it('with the exponent 1, the signature is the padded digest', () => {
    const [header, payload, signature = ''] = bend('id_token.key', { op: 'replace-key', path: '', key: 'weak-exponent-1', alg: 'RS256' }).split('.')
    const bytes = Buffer.from(signature, 'base64url')
    expect(bytes).toHaveLength(256)
    expect(bytes.subarray(-32)).toEqual(createHash('sha256').update(`${header}.${payload}`).digest())
  })

  it('the compact form is written anew from its parts, or wrapped', () => {
    const [header, payload] = honest.split('.')
    expect(bend('id_token.compact', { op: 'rewrite', path: '', template: '{payload}.{header}' })).toBe(`${payload}.${header}`)
    const wrapped = bend('id_token.compact', { op: 'encrypt', path: '', alg: 'RSA1_5' })
    expect(wrapped.split('.')).toHaveLength(5)
    expect(decodeProtectedHeader(wrapped)).toMatchObject({ alg: 'RSA1_5', enc: 'A128CBC-HS256' })
  })

  it('what would change nothing is an error', () => {
    expect(() => bend('id_token.key', { op: 'replace-key', path: '', key: 'published', alg: 'agreed' })).toThrow(/n'aurait rien changé/)
    expect(() => bend('id_token.claims', { op: 'repeat', path: 'absente', value: 1 })).toThrow()
    expect(() => bend('id_token.compact', { op: 'rewrite', path: '', template: '{header}.{payload}.{signature}' })).toThrow(/n'aurait rien changé/)
  })
})
