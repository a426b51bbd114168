import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alert, type DpiBench, exercise, HONEST_IDENTITY, signedIn, startBench } from './bench.test-data.ts'
import { signHonestly } from './tiny-provider.test-data.ts'

const NAME = "Zoé D'EXEMPLE-TRÈS-LONGUEMENT-NOMMÉE"

describe.each(['openid-client', 'handmade'] as const)('the honest DPI (%s)', (connector) => {
  let bench: DpiBench
  beforeAll(async () => {
    bench = await startBench({ connector })
  })
  afterAll(() => bench.close())

  it('shows no patient before the sign-in, and the full name after it', async () => {
    const browser = bench.browser()
    const before = await browser.open(`${bench.base}/dossier/p-001`)
    expect(before.html).toContain('>Se connecter avec Pro Santé Connect</a>')
    expect(before.html).not.toContain('BOREALE')
    const after = await browser.open(`${bench.base}/connexion`)
    expect(after.url).toBe(`${bench.base}/`)
    expect(signedIn(after)).toBe(NAME)
    expect(after.html).toContain('Médecin – CHU FICTIF – salarié')
    expect((await browser.open(`${bench.base}/dossier/p-001`)).html).toContain('Pénicilline')
    expect(after.headers.get('cache-control')).toBe('no-store')
    expect(after.headers.get('referrer-policy')).toBe('no-referrer')
    expect(after.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('asks for what the profile wants', async () => {
    bench.provider.calls.length = 0
    await bench.signIn()
    const asked = Object.fromEntries(bench.provider.calls.find(({ endpoint }) => endpoint === 'auth')?.params ?? [])
    expect(asked).toMatchObject({ response_type: 'code', scope: 'openid scope_all', acr_values: 'eidas1', code_challenge_method: 'S256' })
    expect(asked['state']?.length).toBeGreaterThan(40)
    expect(asked['nonce']?.length).toBeGreaterThan(40)
  })

  it('signs out here and at the provider', async () => {
    const browser = bench.browser()
    await browser.open(`${bench.base}/connexion`)
    bench.provider.calls.length = 0
    const out = await browser.open(`${bench.base}/deconnexion`, {})
    expect(out.html).toContain('Vous êtes déconnecté')
    expect(signedIn(out)).toBeNull()
    const asked = Object.fromEntries(bench.provider.calls.find(({ endpoint }) => endpoint === 'logout')?.params ?? [])
    expect(Object.keys(asked).sort()).toEqual(['client_id', 'id_token_hint', 'post_logout_redirect_uri', 'state'])
  })

  it('lets two tabs sign in, in any order, and serves each answer once', async () => {
    const browser = bench.browser()
    const answers = [await bench.holdAnswer(browser), await bench.holdAnswer(browser)]
    for (const answer of answers.toReversed()) expect(signedIn(await browser.open(`${bench.base}/retour?${answer}`))).toBe(NAME)
    const again = await browser.open(`${bench.base}/retour?${answers[0]}`)
    expect([again.status, alert(again)]).toEqual([400, 'Connexion interrompue'])
    expect(signedIn(await browser.open(bench.base))).toBe(NAME)
  })

  it('offers the exercises before the session opens', async () => {
    const browser = bench.browser()
    const exercices = [exercise('10', [['CHU', 'S'], ['CHU', 'S'], ['CABINET', 'L']]), exercise('21', [['OFFICINE', 'L']])] // biome-ignore format: one line a person
    bench.provider.tamper = { userinfo: (identity) => ({ ...identity, SubjectRefPro: { exercices } }) }
    const page = await browser.open(`${bench.base}/connexion`)
    bench.provider.tamper = {}
    expect(page.html.match(/<button[^>]*>[^<]*/g)?.map((found) => found.replace(/.*>/, ''))).toEqual([
      'Médecin – CHU – salarié',
      'Médecin – CABINET – libéral',
      'Pharmacien – OFFICINE – libéral',
    ])
    expect(signedIn(await browser.open(bench.base))).toBeNull()
    const chosen = await browser.open(`${bench.base}/exercice`, { exercice: '2' })
    expect(chosen.html).toContain('Pharmacien – OFFICINE – libéral')
    expect(signedIn(chosen)).toBe(NAME)
  })

  it('explains a cancellation, and lets the person try again', async () => {
    const browser = bench.browser()
    bench.provider.tamper = {
      response: (parameters) => {
        parameters.delete('code')
        parameters.set('error', 'access_denied')
        parameters.set('error_description', '<script>alert(1)</script>')
      },
    }
    const page = await browser.open(`${bench.base}/connexion`)
    bench.provider.tamper = {}
    expect([page.status, alert(page)]).toEqual([403, 'Connexion abandonnée'])
    expect(page.html).not.toContain('<script>')
    expect(signedIn(await browser.open(`${bench.base}/connexion`))).toBe(NAME)
  })

  it.each(['wallet-openid-configuration', 'token', 'certs', 'userinfo'])('recovers after an outage of %s', async (endpoint) => {
    const browser = bench.browser()
    bench.provider.tamper = { status: { [endpoint]: 503 } }
    const page = await browser.open(`${bench.base}/connexion`)
    bench.provider.tamper = {}
    expect([page.status, alert(page), signedIn(await browser.open(bench.base))]).toEqual([424, 'Pro Santé Connect ne répond pas', null])
    expect(signedIn(await browser.open(`${bench.base}/connexion`))).toBe(NAME)
  })

  it('follows a change of the signing key', async () => {
    await bench.signIn()
    await bench.provider.rotate()
    expect(signedIn(await bench.signIn())).toBe(NAME)
  })

  it('changes the session id at the sign-in', async () => {
    const browser = bench.browser()
    const answer = await bench.holdAnswer(browser)
    const before = browser.cookie(bench.base, 'dpi_session')
    expect(signedIn(await browser.open(`${bench.base}/retour?${answer}`))).toBe(NAME)
    expect(browser.cookie(bench.base, 'dpi_session')).not.toBe(before)
  })

  it('refuses a discovery document of another issuer, and an access token of another ID token', async () => {
    const discovery = await bench.signIn({ discovery: (document) => ({ ...document, issuer: 'https://autre.test' }) })
    const hash = await bench.signIn({ claims: (claims) => ({ ...claims, at_hash: 'autre' }) })
    expect([discovery, hash].map(({ status }) => status)).toEqual([403, 403])
  })

  it('refuses an answer that another browser asked for', async () => {
    const answer = await bench.holdAnswer(bench.browser())
    const other = bench.browser()
    await other.open(bench.base)
    const page = await other.open(`${bench.base}/retour?${answer}`)
    expect([page.status, signedIn(page)]).toEqual([400, null])
  })

  it.each(['jwk', 'jku', 'x5c'])('does not look at a key that the token brings along (%s)', async (member) => {
    const values = { jwk: (jwk: object) => jwk, jku: () => `${bench.provider.issuer}/piege`, x5c: () => ['AAAA'] } as Record<
      string,
      (jwk: object) => unknown
    >
    bench.provider.calls.length = 0
    const page = await bench.signIn({
      sign: async (claims, { key, jwk }) => {
        const [, payload, signature] = (await signHonestly(claims, { key, jwk })).split('.')
        const header = { alg: 'RS256', kid: 'inconnu', [member]: values[member]?.(jwk) }
        return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.')
      },
    })
    expect(alert(page)).toBe('Connexion refusée')
    expect(bench.provider.calls.map(({ endpoint }) => endpoint)).not.toContain('piege')
  })

  it('lets in whoever the profile allows, and treats empty members as absent', async () => {
    const bare = { sub: 'x', SubjectNameID: '899900000001', given_name: 'Zoé', family_name: 'SANS', email: '', SubjectRefPro: { exercices: [] } }
    const page = await bench.signIn({ userinfo: ({ sub }) => ({ ...bare, sub }) })
    expect(signedIn(page)).toBe('Zoé SANS')
    const contradictory = await bench.signIn({ userinfo: (identity) => ({ ...identity, preferred_username: '899900000002' }) })
    expect([contradictory.status, signedIn(contradictory)]).toEqual([403, null])
    expect(HONEST_IDENTITY.email).not.toBe('')
  })
})
