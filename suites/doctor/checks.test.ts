import { describe, expect, it } from 'vitest'
import type { Exchange, Journal, Observation } from '#core/journal.ts'
import type { AdviceId } from '#core/requirement.ts'
import type { Target } from '#core/target.ts'
import type { RunFacts } from '../cast.ts'
import { redirectFault } from './checks/request.ts'
import { diagnose } from './diagnose.ts'
import type { Evidence, Hop, Reach } from './evidence.ts'
import { cookieSet } from './witness.ts'

/** What a play of the reference would cost too much to sow, or cannot: the checks are pure, their evidence is written here. */
const BASE = 'https://dpi.test'
const CALLBACK = `${BASE}/retour`
const target = { baseUrl: BASE, client: { id: 'dpi', auth: 'client_secret_basic' }, capabilities: ['userinfo'], personas: {}, driver: 'x' }
const facts = {
  target,
  targetFile: 'dpi.target.json',
  baseUrl: BASE,
  redirectUri: CALLBACK,
  walletOrigin: 'https://wallet.test',
  authOrigin: 'https://auth.test',
  issuer: 'https://auth.test/realm',
  clientId: 'dpi',
  scope: 'openid',
  acrValues: 'eidas1',
}
const honest = {
  client_id: 'dpi',
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid',
  acr_values: 'eidas1',
  code_challenge: 'x',
  code_challenge_method: 'S256',
}

const exchange = (site: string, more: Partial<Exchange> = {}) =>
  ({
    kind: 'exchange',
    channel: 'back-channel',
    site,
    url: `https://wallet.test/${site}`,
    params: {},
    requestHeaders: {},
    status: 200,
    ...more,
  }) as Exchange
const asked = (more: Record<string, string> = {}) => exchange('authorization', { channel: 'browser', params: { ...honest, ...more }, status: 303 })
const seen = (more: Partial<Observation>) =>
  ({ kind: 'observation', moment: 'after-login', signedIn: null, url: BASE, text: '', needles: [], ...more }) as Observation
const trouble = (code: string) => ({ kind: 'trouble', code, sentence: code }) as unknown as Exchange
const hop = (url: string, more: Partial<Hop> = {}): Hop => ({ method: 'GET', url, params: {}, status: 303, setCookies: [], cookies: [], ...more })
const tls = (code: string, name = '') =>
  ({ kind: 'provider-event', event: 'tls-refused', detail: { code, host: 'auth.test', name } }) as unknown as Exchange

function named(evidence: Partial<Evidence>): AdviceId[] {
  const whole = { target, targetFile: 'dpi.target.json', facts, nobody: [], login: [], stray: [], hops: [], log: [], ...evidence }
  return diagnose({ ...whole, target: whole.target as unknown as Target, facts: whole.facts as unknown as RunFacts }).flatMap(({ diagnoses }) =>
    diagnoses.map(({ id }) => id),
  )
}

describe('what our own connection meets', () => {
  const reach = (more: Partial<Reach>): Partial<Evidence> => ({
    reach: { url: BASE, hostname: 'dpi.test', port: 443, connection: 'open', status: 200, skew: 0, ...more },
  })
  it.each<[AdviceId, Partial<Reach>]>([
    ['product-silent', { connection: 'silent' }],
    ['product-scheme', { tls: { failed: 'ERR_SSL_WRONG_VERSION_NUMBER' } }],
    ['product-tls', { tls: { failed: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' } }],
    ['product-certificate-name', { tls: { matchesName: false, names: ['autre.test'] } }],
    ['product-certificate-expired', { tls: { matchesName: true, expired: true, notAfter: '01/01/2026' } }],
    ['product-certificate-untrusted', { tls: { matchesName: true, untrusted: 'SELF_SIGNED_CERT_IN_CHAIN' } }],
    ['product-clock', { tls: { matchesName: true }, skew: -30_000 }],
  ])('%s', (id, more) => expect(named(reach(more))).toEqual([id]))
})

describe('from the product to the simulator', () => {
  const stopped = { login: [trouble('NO_AUTHORIZATION_REQUEST')] as Journal, hops: [hop(BASE), hop(`${BASE}/connexion`, { status: 500 })] }
  it('tls-version', () => expect(named({ ...stopped, stray: [tls('ERR_SSL_UNSUPPORTED_PROTOCOL')] })).toEqual(['tls-version']))
  it('simulator-unreachable', () => expect(named(stopped)).toEqual(['simulator-unreachable']))
  it('simulator-proxy', () => expect(named({ ...stopped, log: ['Error: Proxy CONNECT aborted'] })).toEqual(['simulator-proxy']))
  const away = hop('https://wallet.bas.psc.esante.gouv.fr/auth', { params: { client_id: 'dpi', response_type: 'code' }, status: null })
  it('other-issuer', () => expect(named({ ...stopped, hops: [hop(BASE), away] })).toEqual(['other-issuer']))
  it('environment-mixed', () => expect(named({ ...stopped, hops: [hop(BASE), away], stray: [exchange('discovery')] })).toEqual(['environment-mixed']))
})

describe('the way back', () => {
  const back = (more: Partial<Hop>) => ({ login: [asked()] as Journal, hops: [hop(`${BASE}/connexion`), hop(CALLBACK, { cookies: ['s'], ...more })] })
  it('callback-missing', () => expect(named(back({ status: 404 }))).toEqual(['callback-missing']))
  it('callback-error', () => expect(named(back({ status: 500 }))).toEqual(['callback-error']))
  it('token-not-called', () => expect(named(back({}))).toEqual(['token-not-called']))
  it('csp-form-action', () =>
    expect(named({ login: [asked()], hops: [hop('https://wallet.test/auth', { failure: 'net::ERR_BLOCKED_BY_CSP', status: null })] })).toEqual([
      'csp-form-action',
    ]))
  it('login-loop', () => expect(named({ login: [asked(), asked(), asked(), asked()] })).toEqual(['login-loop']))
  it.each<[AdviceId, string, string]>([
    ['cookie-samesite', `${BASE}/connexion`, 's=1; Path=/; Secure; SameSite=Strict'],
    ['cookie-secure', 'http://dpi.test/connexion', 's=1; Path=/; Secure'],
    ['cookie-secure', `${BASE}/connexion`, 's=1; Path=/; SameSite=None'],
    ['cookie-domain', `${BASE}/connexion`, 's=1; Path=/; Domain=autre.test'],
    ['cookie-path', `${BASE}/connexion`, 's=1; Path=/connexion'],
    ['cookie-host', 'https://localhost/connexion', 's=1; Path=/; Secure'],
    ['cookie-lost', `${BASE}/connexion`, 's=1; Path=/; Secure; SameSite=Lax'],
  ])('%s: from %s, %s', (id, from, header) =>
    expect(named({ login: [asked()], hops: [hop(from, { setCookies: [cookieSet(header)] }), hop(CALLBACK)] })).toEqual([id]),
  )
  it('a cookie that came back, or that was taken away, is no trouble', () => {
    const set = hop(`${BASE}/connexion`, { setCookies: [cookieSet('s=1; Path=/'), cookieSet('vieux=; Max-Age=0')] })
    expect(named({ login: [asked()], hops: [set, hop(CALLBACK, { cookies: ['s'] })] })).toEqual(['token-not-called'])
  })
})

describe('the back channel and the page', () => {
  const hops = [hop(CALLBACK, { cookies: ['s'] })]
  const token = (more: Partial<Exchange>) => [asked(), exchange('token', { clientAuth: 'client_secret_basic', ...more })]
  it('token-redirect-uri', () => {
    const given = { redirect_uri: 'http://dpi.test/retour', code_verifier: 'x' }
    expect(named({ login: token({ status: 400, error: 'invalid_grant', params: given }), hops })).toEqual(['token-redirect-uri'])
  })
  it('client-key', () => {
    const keyed = { ...target, client: { ...target.client, auth: 'private_key_jwt' } } as unknown as Target
    expect(named({ target: keyed, login: token({ status: 401, error: 'invalid_client', clientAuth: 'private_key_jwt' }), hops })).toEqual([
      'client-key',
    ])
  })
  it('token-refused', () => expect(named({ login: token({ status: 500 }), hops })).toEqual(['token-refused']))
  it('jwks-not-read', () => expect(named({ login: [...token({}), seen({ refusal: 'non' })], hops })).toEqual(['jwks-not-read']))
  const keys = { stray: [exchange('jwks')], hops }
  it('id-token-refused', () => expect(named({ ...keys, login: [...token({}), seen({ refusal: 'non' })] })).toEqual(['id-token-refused']))
  it('id-token-clock', () =>
    expect(named({ ...keys, log: ['[Invalid token] Jwt expired at 10:00'], login: [...token({}), seen({ refusal: 'non' })] })).toEqual([
      'id-token-clock',
    ]))
  it('userinfo-not-called', () => expect(named({ ...keys, login: [...token({}), seen({ signedIn: 'canari' })] })).toEqual(['userinfo-not-called']))
  it('userinfo-refused', () =>
    expect(named({ ...keys, login: [...token({}), exchange('userinfo', { status: 401 }), seen({})] })).toEqual(['userinfo-refused']))
  it('session-lost', () => expect(named({ ...keys, login: [...token({}), exchange('userinfo'), seen({})] })).toEqual(['session-lost']))
})

it.each<[AdviceId, string]>([
  ['redirect-uri-host', 'https://localhost:8443/retour'],
  ['redirect-uri-scheme', 'http://dpi.test/retour'],
  ['redirect-uri-port', 'https://dpi.test:8443/retour'],
  ['redirect-uri-slash', 'https://dpi.test/retour/'],
  ['redirect-uri-path', 'https://dpi.test/callback'],
  ['redirect-uri-path', 'https://dpi.test/RETOUR'],
  ['redirect-uri-query', 'https://dpi.test/retour?tenant=1'],
])('%s: %s', (id, address) => expect(redirectFault(address, CALLBACK)).toBe(id))
