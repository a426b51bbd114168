import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { openLocalCa } from '#simulators/wire/local-ca.ts'
import type { DpiConfiguration } from '../configuration.ts'
import { type Defect, NO_DEFECT } from '../defects.ts'
import { authenticate } from './client-authentication.ts'
import { httpsFetch } from './https-fetch.ts'

const CLIENT = { id: 'dpi:1', secret: 'a+b c' }
const settings = (client: Partial<DpiConfiguration['client']>) =>
  ({ issuer: 'https://op.test', client: { ...CLIENT, auth: 'client_secret_basic', ...client } }) as DpiConfiguration
const basic = (header: string | undefined) => Buffer.from((header ?? '').replace('Basic ', ''), 'base64').toString()

describe('the client authentication', () => {
  it('encodes Basic credentials as a form first, and sends nothing else', async () => {
    const form = new URLSearchParams()
    expect(basic((await authenticate(settings({}), form, NO_DEFECT))['authorization'])).toBe('dpi%3A1:a%2Bb+c')
    expect([...form]).toEqual([])
  })

  it('sends the secret in the form when that was agreed', async () => {
    const form = new URLSearchParams()
    expect(await authenticate(settings({ auth: 'client_secret_post' }), form, NO_DEFECT)).toEqual({})
    expect(Object.fromEntries(form)).toEqual({ client_id: CLIENT.id, client_secret: CLIENT.secret })
  })

  it('sends both with two-client-authentications', async () => {
    const form = new URLSearchParams()
    const headers = await authenticate(settings({}), form, new Set<Defect>(['two-client-authentications']))
    expect([basic(headers['authorization']), form.get('client_secret')]).toEqual(['dpi%3A1:a%2Bb+c', CLIENT.secret])
  })

  it('signs an assertion for the issuer', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const key = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'k1' }
    const form = new URLSearchParams()
    await authenticate(settings({ auth: 'private_key_jwt', key }), form, NO_DEFECT)
    const expected = { audience: 'https://op.test', issuer: CLIENT.id, subject: CLIENT.id, requiredClaims: ['jti', 'exp'] }
    const { protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', await importJWK(await exportJWK(publicKey), 'ES256'), expected)
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'k1' })
    expect(form.has('client_secret')).toBe(false)
  })

  it('presents the client certificate', async () => {
    const ca = await openLocalCa(join(tmpdir(), `dpi-pki-${process.pid}`), Date.now())
    const [server, client] = [await ca.issueServer(['localhost', '127.0.0.1']), await ca.issueClient('CN=dpi.test,OU=1,C=FR')]
    const trusted = getCACertificates('default')
    setDefaultCACertificates([...trusted, ca.certificate])
    const listening = createServer(
      { cert: server.certificate, key: server.privateKey, ca: [ca.certificate], requestCert: true, rejectUnauthorized: true },
      (request, response) => response.end(JSON.stringify((request.socket as TLSSocket).getPeerCertificate().subject)),
    )
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    try {
      const send = httpsFetch({ cert: client.certificate, key: client.privateKey })
      const response = await send(`https://127.0.0.1:${(listening.address() as AddressInfo).port}/`)
      expect(await response.json()).toMatchObject({ CN: 'dpi.test' })
    } finally {
      setDefaultCACertificates(trusted)
      listening.close()
    }
  })
})
