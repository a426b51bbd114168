import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, exportJWK } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault, OpSite } from '#core/fault.ts'
import { exchangesAt, of } from '#core/journal.ts'
import { createBrowser, loopbackFetch, REDIRECT_URI, SECRET, startTestProvider } from './bench-harness.test-data.ts'
import { authorizationResponse, idToken, tokenResponse, userinfo } from './faults.ts'
import { FLOW_COOKIE } from './index.ts'

type Started = Awaited<ReturnType<typeof startTestProvider>>
let started: Started

beforeAll(async () => {
  started = await startTestProvider({ ciba: true })
})
afterAll(() => started.provider.close())

async function configure({ provider, fetch }: Started, auth: oidc.ClientAuth = oidc.ClientSecretBasic(SECRET), use: typeof fetch = fetch) {
  const server = (await (await use(provider.discoveryUrl)).json()) as oidc.ServerMetadata
  const configuration = new oidc.Configuration(server, 'dpi', {}, auth)
  configuration[oidc.customFetch] = use as oidc.CustomFetch
  oidc.enableNonRepudiationChecks(configuration)
  return configuration
}

let count = 0
async function login(faults: readonly Fault<OpSite>[] = [], on = started, auth?: oidc.ClientAuth, use?: typeof fetch) {
  const configuration = await configure(on, auth, use)
  const id = `flow-${++count}`
  on.provider.openFlow({ id, faults, persona: 'Ève', means: 'card' })
  const browser = createBrowser(on.fetch, { [FLOW_COOKIE]: id })
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid scope_all',
    acr_values: 'eidas1',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const callback = await browser.signIn(url.href, 'Ève', REDIRECT_URI)
  const grant = () =>
    oidc.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
  return { id, configuration, browser, callback, grant, nonce }
}

describe('an honest login', () => {
  it('gives a verified ID token, a JWT access token that userinfo accepts, and the whole identity', async () => {
    const { grant, configuration, id } = await login()
    const tokens = await grant()
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'EdDSA', typ: 'JWT' })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ typ: 'Bearer', acr: 'eidas1', azp: 'dpi' })
    expect(tokens.claims()).toMatchObject({ acr: 'eidas1', azp: 'dpi', sub: 'f:0000:899900000000' })
    expect(tokens.expires_in).toBe(120)
    const identity = await oidc.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(identity).toMatchObject({ given_name: 'Ève', family_name: "D'ÉTOILE", SubjectNameID: '899900000000' })
    const journal = started.book.read(id)
    expect(exchangesAt(journal, 'authorization').length).toBeGreaterThan(0)
    expect(exchangesAt(journal, 'token')[0]).toMatchObject({ clientAuth: 'client_secret_basic', status: 200, channel: 'back-channel' })
    expect(exchangesAt(journal, 'userinfo')).toHaveLength(1)
  })

  it('leaves no secret in the journal', async () => {
    const { grant, id, callback } = await login()
    const tokens = await grant()
    const text = JSON.stringify(started.book.read(id))
    for (const secret of [SECRET, tokens.access_token, tokens.id_token, tokens.refresh_token, callback.searchParams.get('code')]) {
      expect(secret).toBeTruthy()
      expect(text).not.toContain(secret)
    }
  })

  it('refreshes, introspects and revokes', async () => {
    const { grant, configuration } = await login()
    const tokens = await grant()
    const renewed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect(renewed.claims()?.sub).toBe('f:0000:899900000000')
    expect(await oidc.tokenIntrospection(configuration, renewed.access_token)).toMatchObject({ active: true, client_id: 'dpi' })
    await oidc.tokenRevocation(configuration, renewed.access_token)
    expect(await oidc.tokenIntrospection(configuration, renewed.access_token)).toEqual({ active: false })
  })

  it('signs out at once with an ID token hint and hands the state back', async () => {
    const { grant, configuration, browser, id } = await login()
    const tokens = await grant()
    const url = oidc.buildEndSessionUrl(configuration, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'https://dpi.test/deconnecte',
      state: 's1',
    })
    const page = await browser.go(url.href, 'https://dpi.test/deconnecte')
    const form = /action="([^"]+)".*?value="([^"]+)"/s.exec(page.html ?? '')
    const back = await browser.go(new URL(form?.[1] ?? '', page.url).href, 'https://dpi.test/deconnecte', {
      method: 'POST',
      body: new URLSearchParams({ xsrf: form?.[2] ?? '', logout: 'yes' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(new URL(back.url).searchParams.get('state')).toBe('s1')
    expect(of(started.book.read(id), 'provider-event').map(({ event }) => event)).toContain('session-ended')
  })
})

describe('the manners of Keycloak', () => {
  it('refuses an unknown scope with invalid_scope', async () => {
    const configuration = await configure(started)
    const url = oidc.buildAuthorizationUrl(configuration, { redirect_uri: REDIRECT_URI, scope: 'openid tout', state: 'x' })
    const { url: back } = await createBrowser(started.fetch).go(url.href, REDIRECT_URI)
    expect(back).toContain(REDIRECT_URI)
    expect(new URL(back).searchParams.get('error')).toBe('invalid_scope')
  })

  it('serves two discovery documents: only the wallet one knows the wallet host', async () => {
    const read = async (url: string) => (await (await started.fetch(url)).json()) as Record<string, string>
    expect((await read(started.provider.discoveryUrl))['authorization_endpoint']).toBe(`${started.provider.walletOrigin}/auth`)
    expect((await read(started.provider.standardDiscoveryUrl))['authorization_endpoint']).toContain(started.provider.authOrigin)
  })

  it('answers a CIBA request by poll', async () => {
    const configuration = await configure(started)
    const request = await oidc.initiateBackchannelAuthentication(configuration, {
      scope: 'openid scope_all',
      login_hint: '899900000001',
      binding_message: '42',
      acr_values: 'eidas1',
      channel: 'MOBILE',
    })
    expect(request.expires_in).toBe(120)
    const tokens = await oidc.pollBackchannelAuthenticationGrant(configuration, { ...request, interval: 1 })
    expect(tokens.claims()).toMatchObject({ sub: 'f:0000:899900000001', acr: 'eidas1' })
    await expect(
      oidc.initiateBackchannelAuthentication(configuration, { scope: 'openid', login_hint: '899900000001', binding_message: 'abc' }),
    ).rejects.toThrow()
  })
})

describe('client authentication', () => {
  it('accepts client_secret_post when registered so, and refuses a wrong secret', async () => {
    const post = await startTestProvider({ auth: 'client_secret_post' })
    await expect(login([], post, oidc.ClientSecretPost(SECRET)).then(({ grant }) => grant())).resolves.toBeTruthy()
    const wrong = await login([], post, oidc.ClientSecretPost('un-tout-autre-secret-0123456789'))
    await expect(wrong.grant()).rejects.toThrow()
    expect(exchangesAt(post.book.read(wrong.id), 'token')[0]).toMatchObject({ status: 401, error: 'invalid_client' })
    await post.provider.close()
  })

  it('accepts private_key_jwt', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'c1', alg: 'ES256', use: 'sig' }
    const signed = await startTestProvider({ auth: 'private_key_jwt', jwks: { keys: [jwk] } })
    const key = await crypto.subtle.importKey(
      'jwk',
      pair.privateKey.export({ format: 'jwk' }) as JsonWebKey,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    )
    const { grant, id } = await login([], signed, oidc.PrivateKeyJwt({ key, kid: 'c1' }))
    await grant()
    expect(exchangesAt(signed.book.read(id), 'token')[0]?.clientAuth).toBe('private_key_jwt')
    await signed.provider.close()
  })

  it('accepts a registered client certificate only, and binds the tokens to it', async () => {
    const subject = 'CN=dpi.hopital.test,OU=318751275100020,O=Hopital fictif,C=FR'
    const mtls = await startTestProvider({ auth: 'tls_client_auth', certificateSubject: subject })
    const right = await mtls.ca.issueClient(subject)
    const wrong = await mtls.ca.issueClient('CN=intrus.test,O=Autre,C=FR')
    const use = (identity: { certificate: string; privateKey: string }) =>
      loopbackFetch(mtls.ca.certificate, { cert: identity.certificate, key: identity.privateKey })
    const { grant } = await login([], mtls, oidc.TlsClientAuth(), use(right))
    expect(decodeJwt((await grant()).access_token)['cnf']).toHaveProperty('x5t#S256')
    await expect(login([], mtls, oidc.TlsClientAuth(), use(wrong)).then(({ grant }) => grant())).rejects.toThrow()
    await mtls.provider.close()
  })
})

describe('faults belong to a flow', () => {
  const refused = Object.entries({
    ...idToken,
    // openid-client leaves azp alone when there is one audience (a SHOULD of OpenID Connect Core 1.0 errata 2).
    wrongAuthorizedParty: undefined,
    acr: undefined,
    acrAsList: undefined,
    audienceAsArray: undefined,
    unknownClaims: undefined,
    missingAcr: undefined,
    replayedNonce: idToken.replayedNonce,
  }).filter((entry): entry is [string, () => Fault<OpSite>] => entry[1] !== undefined)

  it.each(refused)('%s is delivered and an honest client refuses it', async (_, make) => {
    await (await login()).grant()
    const { grant, id } = await login([make()])
    await expect(grant()).rejects.toThrow()
    const journal = started.book.read(id)
    expect(of(journal, 'fault-applied')).toHaveLength(1)
    expect(of(journal, 'fault-delivered')).toHaveLength(1)
  })

  it.each([idToken.audienceAsArray(), idToken.unknownClaims(), tokenResponse.withUnknownMembers(), authorizationResponse.withUnknownParameters()])(
    '$id is a tolerance: the honest client signs in',
    async (fault) => {
      const { grant } = await login([fault])
      await expect(grant()).resolves.toBeTruthy()
    },
  )

  it.each([
    authorizationResponse.wrongState(),
    authorizationResponse.missingState(),
    authorizationResponse.wrongIssuer(),
    authorizationResponse.missingIssuer(),
    authorizationResponse.error('login_required', 'x'),
  ])('$id reaches the callback', async (fault) => {
    const { grant, id } = await login([fault])
    await expect(grant()).rejects.toThrow()
    expect(exchangesAt(started.book.read(id), 'token')).toHaveLength(0)
  })

  it('userinfo with another subject', async () => {
    const { grant, configuration } = await login([userinfo.wrongSubject()])
    const tokens = await grant()
    await expect(oidc.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow()
  })

  it('does not touch the flow beside it', async () => {
    const [bad, good] = await Promise.all([login([idToken.wrongAudience()]), login()])
    await expect(good.grant()).resolves.toBeTruthy()
    await expect(bad.grant()).rejects.toThrow()
  })
})

describe('a flow that runs alone', () => {
  it('bends discovery and keys, journals them as its own, and leaves honesty behind', async () => {
    const { provider, fetch, book } = started
    const faults: Fault<OpSite>[] = [
      { id: 'discovery.test', title: 'Émetteur changé', site: 'discovery', edits: [{ op: 'set', path: 'issuer', value: 'https://autre.test' }] },
      { id: 'jwks.test', title: 'Aucune clé', site: 'jwks', edits: [{ op: 'set', path: 'keys', value: [] }] },
    ]
    const read = async (url: string) => (await (await fetch(url)).json()) as { issuer?: string; jwks_uri: string; keys: unknown[] }
    provider.openFlow({ id: 'seul', faults, persona: 'Ève', means: 'card', alone: true })
    const bent = await read(provider.discoveryUrl)
    expect(bent.issuer).toBe('https://autre.test')
    expect((await read(bent.jwks_uri)).keys).toEqual([])
    const journal = book.read('seul')
    expect(of(journal, 'exchange').map(({ site }) => site)).toEqual(['discovery', 'jwks'])
    expect(of(journal, 'fault-delivered').map(({ fault }) => fault)).toEqual(['discovery.test', 'jwks.test'])
    provider.closeFlow('seul')
    expect((await read(provider.discoveryUrl)).issuer).toBe(provider.issuer)
    expect((await read(bent.jwks_uri)).keys.length).toBeGreaterThan(1)
  })
})
