import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchangesAt } from '#core/journal.ts'
import { createBrowser, REDIRECT_URI, startTestProvider } from './bench-harness.test-data.ts'
import { FLOW_COOKIE } from './index.ts'

const ORIGIN = 'https://dpi.test'

let started: Awaited<ReturnType<typeof startTestProvider>>

beforeAll(async () => {
  started = await startTestProvider({ auth: 'none', origins: [ORIGIN] })
})
afterAll(() => started.provider.close())

/** `fetch` as a page of that origin would do it, without what the page may not read. */
const from =
  (origin: string): typeof fetch =>
  async (input, init = {}) => {
    const answer = await started.fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), origin } })
    if (answer.headers.get('access-control-allow-origin') !== origin) throw new Error(`the page may not read ${input}`)
    return answer
  }

async function login(origin: string, pkce = true) {
  const { provider, fetch } = started
  const get = from(origin)
  const configuration = new oidc.Configuration((await (await fetch(provider.discoveryUrl)).json()) as oidc.ServerMetadata, 'dpi', {}, oidc.None())
  configuration[oidc.customFetch] = get as oidc.CustomFetch
  const id = `public-${origin}`
  provider.openFlow({ id, faults: [], persona: 'Ève', means: 'card' })
  const verifier = oidc.randomPKCECodeVerifier()
  const challenge = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
  const url = oidc.buildAuthorizationUrl(configuration, { redirect_uri: REDIRECT_URI, scope: 'openid', state: 's', ...(pkce ? challenge : {}) })
  const callback = await createBrowser(fetch, { [FLOW_COOKIE]: id }).signIn(url.href, 'Ève', REDIRECT_URI)
  return {
    id,
    callback,
    grant: async () => {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier, expectedState: 's' })
      return oidc.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')
    },
  }
}

describe('a public client in the browser', () => {
  it('reads discovery, keys, tokens and userinfo from its own origin, without a secret', async () => {
    await expect(from(ORIGIN)(started.provider.discoveryUrl)).resolves.toBeTruthy()
    const { id, grant } = await login(ORIGIN)
    await expect(grant()).resolves.toMatchObject({ preferred_username: '899900000000' })
    expect(exchangesAt(started.book.read(id), 'token')[0]).toMatchObject({ clientAuth: 'none', status: 200 })
  })

  it('reads nothing from another origin', async () => {
    await expect(from('https://autre.test')(started.provider.discoveryUrl)).rejects.toThrow('may not read')
    const { grant } = await login('https://autre.test')
    await expect(grant()).rejects.toThrow()
  })

  it('is refused without PKCE', async () => {
    const { callback } = await login(ORIGIN, false)
    expect(callback.searchParams.get('error')).toBe('invalid_request')
  })

  it('leaves no preflight in the journal', async () => {
    const before = started.book.read('').length
    const url = `${started.provider.issuer}/protocol/openid-connect/token`
    const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' }
    const answer = await started.fetch(url, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(started.book.read('').length).toBe(before)
  })
})
