import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DpiBench, exercise, signedIn, startBench } from './bench.test-data.ts'
import { DEFECTS, type Defect, needsHandmade, parseDefects } from './defects.ts'
import { CLIENT, signHonestly, type Tamper } from './tiny-provider.test-data.ts'

const now = () => Math.floor(Date.now() / 1000)
const claim = (changes: Record<string, unknown>): Tamper => ({ claims: (claims) => ({ ...claims, ...changes }) })
const response = (change: (parameters: URLSearchParams) => void): Tamper => ({ response: change })
const identity = (changes: Record<string, unknown>): Tamper => ({ userinfo: (userinfo) => ({ ...userinfo, ...changes }) })
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const hmac = (claims: unknown, secret: string) => {
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}
const foreign = async (claims: Record<string, unknown>, kid: string) =>
  signHonestly(claims, { key: (await generateKeyPair('RS256')).privateKey, jwk: { kty: 'RSA', kid } })

/** What the honest DPI refuses and the defective one lets in. */
const LETS_IN: readonly (readonly [Defect, Tamper])[] = [
  ['ignores-state', response((p) => p.set('state', 'autre'))],
  ['ignores-missing-state', response((p) => p.delete('state'))],
  ['ignores-response-iss', response((p) => p.set('iss', 'https://autre.test'))],
  ['ignores-missing-response-iss', response((p) => p.delete('iss'))],
  ['ignores-missing-id-token', { token: ({ id_token: _, ...answer }) => answer }],
  ['ignores-signature', { sign: (claims, { jwk }) => foreign(claims, jwk.kid ?? '') }],
  ['accepts-alg-none', { sign: async (claims) => `${part({ alg: 'none' })}.${part(claims)}.` }],
  ['accepts-hs256-secret', { sign: async (claims) => hmac(claims, CLIENT.secret) }],
  [
    'accepts-hs256-public-key',
    {
      sign: async (claims, { jwk }) =>
        hmac(claims, String(createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))),
    },
  ],
  ['trusts-unknown-key', { sign: (claims) => foreign(claims, 'inconnu') }],
  ['ignores-iss', claim({ iss: 'https://autre.test' })],
  ['ignores-missing-iss', claim({ iss: undefined })],
  ['ignores-aud', claim({ aud: 'autre' })],
  ['ignores-missing-aud', claim({ aud: undefined })],
  ['ignores-multiple-aud', claim({ aud: [CLIENT.id, 'autre'], azp: undefined })],
  ['ignores-multiple-aud', claim({ aud: [CLIENT.id, 'autre'] })],
  ['ignores-azp', claim({ azp: 'autre' })],
  ['ignores-exp', claim({ exp: now() - 3600 })],
  ['ignores-missing-exp', claim({ exp: undefined })],
  ['ignores-nbf', claim({ nbf: now() + 3600 })],
  ['ignores-missing-iat', claim({ iat: undefined })],
  ['ignores-nonce', claim({ nonce: 'autre' })],
  ['ignores-nonce', claim({ nonce: undefined })],
  ['ignores-missing-nonce', claim({ nonce: undefined })],
  ['ignores-missing-sub', claim({ sub: undefined })],
  ['accepts-malformed-sub', { ...claim({ sub: '' }), ...identity({ sub: '' }) }],
  ['ignores-acr', claim({ acr: '0' })],
  ['accepts-missing-acr', claim({ acr: undefined })],
  ['accepts-lower-acr', claim({ acr: '0' })],
  ['accepts-unknown-acr', claim({ acr: 'eidas9' })],
  ['ignores-userinfo-sub', identity({ sub: 'f:autre:899900000001' })],
  ['ignores-userinfo-missing-sub', identity({ sub: undefined })],
  ['stale-userinfo', { status: { userinfo: 500 }, ...claim({ SubjectNameID: '899900000001' }) }],
  ['auto-creates-unknown-user', identity({ SubjectNameID: '899900000011', preferred_username: '899900000011' })],
  ['matches-by-name', identity({ SubjectNameID: '899900000011', preferred_username: '899900000011', family_name: 'INCONNU' })],
]

/** What the honest DPI accepts and the defective one does not. */
const SHUTS_OUT: readonly (readonly [Defect, Tamper])[] = [
  ['standard-discovery', {}],
  ['derives-authorization-endpoint', {}],
  ['extends-redirect-uri', {}],
  ['swaps-client-auth', {}],
  ['two-client-authentications', {}],
  ['drops-verifier', {}],
  ['token-in-query', {}],
  ['token-type-case-sensitive', { token: (answer) => ({ ...answer, token_type: 'bearer' }) }],
  ['rejects-unknown-parameters', response((p) => p.set('x', '1'))],
  ['crashes-on-unknown-token-member', { token: (answer) => ({ ...answer, x: 1 }) }],
  ['crashes-on-unknown-claim', claim({ x: 1 })],
  ['crashes-on-unknown-claim', identity({ x: 1 })],
  ['rejects-aud-array', claim({ aud: [CLIENT.id] })],
  ['rejects-higher-acr', claim({ acr: 'eidas2' })],
  ['digits-only-idnat', {}],
  ['refuses-structure-idnat', {}],
  ['requires-email', identity({ email: '' })],
  ['requires-profession', identity({ SubjectRefPro: { exercices: [exercise('', [['CHU', 'S']])] } })],
  ['requires-exercise', identity({ SubjectRefPro: { exercices: [] } })],
  ['requires-other-ids', identity({ otherIds: undefined, otherIDs: [] })],
  ['always-refuses', {}],
]

/** What the authorization request looks like. */
const ASKS: readonly (readonly [Defect, (asked: Record<string, string>) => unknown, unknown])[] = [
  ['implicit-flow', (asked) => asked['response_type'], 'code id_token'],
  ['no-pkce', (asked) => asked['code_challenge'], undefined],
  ['plain-pkce', (asked) => asked['code_challenge_method'], 'plain'],
  ['fixed-verifier', (asked) => asked['code_challenge'], 'e9dTDhLsax4qdCoGnlf2uUKNY14iS9YcAPQlHPSBBq0'],
  ['no-state', (asked) => asked['state'], undefined],
  ['fixed-state', (asked) => asked['state'], 'etat-fixe'],
  ['no-nonce', (asked) => asked['nonce'], undefined],
  ['fixed-nonce', (asked) => asked['nonce'], 'nonce-fixe'],
  ['no-acr-values', (asked) => asked['acr_values'], undefined],
  ['wrong-scope', (asked) => asked['scope'], 'openid'],
  ['secret-in-front-channel', (asked) => asked['client_secret'], CLIENT.secret],
]

/** Shown by a test of their own, in `behaviour.test.ts`. */
const ELSEWHERE: readonly Defect[] = [
  ...(['caches-keys-for-ever', 'redeems-code-twice', 'retries-refused-code', 'calls-userinfo-first', 'logout-without-hint'] as const),
  ...([
    'state-not-bound-to-browser',

    'mixes-tabs',

    'leaks-referrer',
    'leaves-code-in-address',
    'token-in-address',
  ] as const),
  ...([
    'reflects-error-description',

    'session-before-refusal',
    'error-opens-session',
    'picks-first-exercise',
    'mangles-accents',
    'truncates-names',
  ] as const),
  ...(['cuts-at-apostrophe', 'cancel-loops', 'no-retry-after-cancel', 'silent-refusal', 'stuck-after-outage', 'never-answers'] as const),
  ...(['local-logout-only', 'logout-keeps-session', 'logout-requires-state'] as const),
]

describe('the defects', () => {
  let bench: DpiBench
  let handmade: DpiBench
  beforeAll(async () => {
    const people = ['899900000001', 'ANS1', '5/C'].map((idNat) => ({ id: idNat, idNat, givenName: 'Zoé', familyName: 'ANNUAIRE', known: true }))
    const strangers = [{ id: 'inconnu', idNat: '899900000011', givenName: 'Ulysse', familyName: 'INCONNU', known: false }]
    bench = await startBench({ people: [...people, ...strangers] })
    handmade = await startBench({ connector: 'handmade', people: [...people, ...strangers] })
  })
  afterAll(async () => {
    await bench.close()
    await handmade.close()
  })

  it.each(LETS_IN)('%s lets in what both honest connectors refuse', async (defect, tamper) => {
    for (const honest of [bench, handmade]) {
      const page = await honest.signIn(tamper)
      expect(signedIn(page)).toBeNull()
      expect(page.status).toBeGreaterThanOrEqual(400)
      expect(page.status).toBeLessThan(500)
      expect(page.html).toContain('role="alert"')
    }
    expect(signedIn(await bench.signIn(tamper, defect))).not.toBeNull()
  })

  it.each(SHUTS_OUT)('%s shuts out what both honest connectors accept', async (defect, given) => {
    const unusual: Partial<Record<Defect, string>> = { 'digits-only-idnat': 'ANS1', 'refuses-structure-idnat': '5/C' }
    const id = unusual[defect]
    const tamper = id ? identity({ SubjectNameID: id, preferred_username: id }) : given
    for (const honest of [bench, handmade]) expect(signedIn(await honest.signIn(tamper))).not.toBeNull()
    const page = await bench.signIn(tamper, defect).catch(() => undefined)
    expect(page && signedIn(page)).toBeFalsy()
  })

  it.each(ASKS)('%s shows in the authorization request', async (defect, look, expected) => {
    bench.provider.calls.length = 0
    const page = await bench.signIn({}, defect)
    expect(look(Object.fromEntries(bench.provider.calls.find(({ endpoint }) => endpoint === 'auth')?.params ?? []))).toBe(expected)
    expect(signedIn(page)).not.toBeNull()
  })

  it('are all shown: by a test here, or by a unit of the plan that claims to find them (the kill matrix plays those)', () => {
    const shown = new Set<string>([...[...LETS_IN, ...SHUTS_OUT, ...ASKS].map(([defect]) => defect), ...ELSEWHERE])
    const suites = new URL('../../../suites/', import.meta.url).pathname
    const plan = globSync('**/*.{module.ts,rule.ts,cases.json}', { cwd: suites }).map((path) => readFileSync(suites + path, 'utf8'))
    const variants = readFileSync(new URL('../../../core/variant.ts', import.meta.url), 'utf8')
    const claimed = [...plan, variants].join('\n')
    expect(Object.keys(DEFECTS).filter((defect) => !shown.has(defect) && !new RegExp(`['"]${defect}['"]`).test(claimed))).toEqual([])
  })

  it('leave everything else honest: a foreign signature is still refused', async () => {
    for (const [defect] of LETS_IN.filter(([id]) => id !== 'ignores-signature' && id !== 'ignores-missing-id-token')) {
      const page = await bench.signIn({ sign: (claims, { jwk }) => foreign(claims, jwk.kid ?? '') }, defect)
      expect([defect, signedIn(page)]).toEqual([defect, null])
    }
  })

  it('are told apart by name', () => {
    expect(() => parseDefects('ignore-aud')).toThrow('Défaut inconnu')
    expect([...parseDefects('ignores-aud, no-pkce')]).toEqual(['ignores-aud', 'no-pkce'])
    expect(needsHandmade(parseDefects('cancel-loops'))).toBe(false)
    expect(needsHandmade(parseDefects('ignores-aud'))).toBe(true)
  })
})
