import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alert, type DpiBench, exercise, signedIn, startBench } from './bench.test-data.ts'
import type { Page, TinyBrowser } from './browser.test-data.ts'
import type { Defect } from './defects.ts'
import type { Tamper } from './tiny-provider.test-data.ts'

const cancelled: Tamper = {
  response: (parameters) => {
    parameters.delete('code')
    parameters.set('error', 'access_denied')
    parameters.set('error_description', '<b>gras</b>')
  },
}

describe('a defect that shows in what the DPI does', () => {
  let bench: DpiBench
  const tampered = async (browser: TinyBrowser, tamper: Tamper): Promise<Page> => {
    bench.provider.tamper = tamper
    return browser.open(`${bench.base}/connexion`).finally(() => {
      bench.provider.tamper = {}
    })
  }
  const calls = () =>
    bench.provider.calls.map(({ endpoint }) => endpoint).filter((endpoint) => ['token', 'certs', 'userinfo', 'logout'].includes(endpoint))
  const signIn = async (...defects: Defect[]) => {
    const browser = bench.browser(...defects)
    bench.provider.calls.length = 0
    return { browser, page: await browser.open(`${bench.base}/connexion`) }
  }
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())

  it('caches-keys-for-ever: fails once the keys have changed', async () => {
    expect(signedIn((await signIn('caches-keys-for-ever')).page)).not.toBeNull()
    await bench.provider.rotate()
    expect(signedIn((await signIn('caches-keys-for-ever')).page)).toBeNull()
    expect(signedIn((await signIn()).page)).not.toBeNull()
  })

  it('redeems-code-twice, retries-refused-code, calls-userinfo-first: show on the wire', async () => {
    await signIn()
    expect(calls()).toEqual(['token', 'certs', 'userinfo'])
    expect(signedIn((await signIn('redeems-code-twice')).page)).not.toBeNull()
    expect(calls()).toEqual(['token', 'certs', 'userinfo', 'token'])
    await signIn('calls-userinfo-first')
    expect(calls()).toEqual(['token', 'userinfo', 'certs'])
    for (const status of [400, 503]) {
      bench.provider.calls.length = 0
      await tampered(bench.browser('retries-refused-code'), { status: { token: status } })
      expect(calls()).toEqual(['token', 'token'])
    }
  })

  it('state-not-bound-to-browser: lets an answer be carried over', async () => {
    for (const [defects, opened] of [
      [['state-not-bound-to-browser'], true],
      [['ignores-state'], false],
      [[], false],
    ] as const) {
      const answer = await bench.holdAnswer(bench.browser(...defects))
      const victim = bench.browser(...defects)
      await bench.holdAnswer(victim)
      expect(signedIn(await victim.open(`${bench.base}/retour?${answer}`)) !== null).toBe(opened)
    }
  })

  it('mixes-tabs: the first tab, finished last, loses the session', async () => {
    const browser = bench.browser('mixes-tabs')
    const [first, second] = [await bench.holdAnswer(browser), await bench.holdAnswer(browser)]
    expect(signedIn(await browser.open(`${bench.base}/retour?${second}`))).not.toBeNull()
    expect(alert(await browser.open(`${bench.base}/retour?${first}`))).toBe('Connexion interrompue')
    expect(signedIn(await browser.open(bench.base))).toBeNull()
  })

  it('leaks-referrer, leaves-code-in-address, token-in-address: show in the browser', async () => {
    const leaky = (await signIn('leaks-referrer')).page
    expect([leaky.headers.get('referrer-policy'), leaky.url.includes('code=')]).toEqual(['unsafe-url', true])
    expect(leaky.html).toContain(`<img src="${bench.provider.issuer}/`)
    const staying = (await signIn('leaves-code-in-address')).page
    expect([signedIn(staying) !== null, staying.url.includes('code=')]).toEqual([true, true])
    expect((await signIn('token-in-address')).page.url).toContain('?access_token=')
  })

  it('reflects-error-description, silent-refusal: show in the page of a refusal', async () => {
    expect((await tampered(bench.browser('reflects-error-description'), cancelled)).html).toContain('<b>gras</b>')
    const honest = await tampered(bench.browser(), cancelled)
    expect(honest.html).not.toMatch(/<b>|gras|<pre>/)
    const silent = await tampered(bench.browser('silent-refusal'), cancelled)
    expect([silent.url, alert(silent), signedIn(silent)]).toEqual([`${bench.base}/`, null, null])
  })

  it('session-before-refusal, error-opens-session: leave a session behind a refusal', async () => {
    const stranger: Tamper = { userinfo: (identity) => ({ ...identity, SubjectNameID: '899900000011', preferred_username: '899900000011' }) }
    for (const [defects, left] of [
      [['session-before-refusal'], true],
      [[], false],
    ] as const) {
      const browser = bench.browser(...defects)
      expect(alert(await tampered(browser, stranger))).toBe('Vous n’avez pas de compte dans le DPI')
      expect(signedIn(await browser.open(bench.base)) !== null).toBe(left)
    }
    const browser = bench.browser('session-before-refusal')
    expect(alert(await tampered(browser, { claims: (claims) => ({ ...claims, aud: 'autre' }) }))).toBe('Connexion refusée')
    expect(signedIn(await browser.open(bench.base))).not.toBeNull()
    expect(signedIn(await tampered(bench.browser('error-opens-session'), cancelled))).toBe('Compte de secours')
  })

  it('picks-first-exercise: asks nothing', async () => {
    const exercices = [exercise('10', [['CHU', 'S']]), exercise('21', [['OFFICINE', 'L']])]
    const page = await tampered(bench.browser('picks-first-exercise'), { userinfo: (identity) => ({ ...identity, SubjectRefPro: { exercices } }) })
    expect(page.html).toContain('Médecin – CHU – salarié')
  })

  it.each([
    ['mangles-accents', "ZoÃ© D'EXEMPLE-TRÃ\u0088S-LONGUEMENT-NOMMÃ\u0089E"],
    ['truncates-names', "Zoé D'EXEMPLE-TRÈS-L"],
    ['cuts-at-apostrophe', 'Zoé D'],
  ] as const)('%s: shows another name', async (defect, name) => {
    expect(signedIn((await signIn(defect)).page)).toBe(name)
  })

  it('cancel-loops: asks again at once', async () => {
    let times = 0
    const once: Tamper = { response: (parameters) => (times++ === 0 ? cancelled.response?.(parameters) : undefined) }
    expect(signedIn(await tampered(bench.browser('cancel-loops'), once))).not.toBeNull()
    expect(times).toBe(2)
  })

  it('no-retry-after-cancel, stuck-after-outage: hold it against the browser', async () => {
    for (const [defect, tamper] of [
      ['no-retry-after-cancel', cancelled],
      ['stuck-after-outage', { status: { token: 503 } }],
    ] as const) {
      const browser = bench.browser(defect)
      await tampered(browser, tamper)
      expect(signedIn(await browser.open(`${bench.base}/connexion`))).toBeNull()
    }
  })

  it('never-answers: leaves the browser waiting', async () => {
    const answered = signIn('never-answers').then(
      () => 'answer',
      () => 'answer',
    )
    expect(await Promise.race([answered, new Promise((resolve) => setTimeout(() => resolve('silence'), 400))])).toBe('silence')
  })

  it.each([
    ['local-logout-only', { calls: [], open: false }],
    ['logout-without-hint', { calls: ['logout'], missing: 'id_token_hint', open: false }],
    ['logout-keeps-session', { calls: ['logout'], open: true }],
  ] as const)('%s: shows at the sign-out', async (defect, expected) => {
    const { browser } = await signIn(defect)
    bench.provider.calls.length = 0
    await browser.open(`${bench.base}/deconnexion`, {})
    expect(calls()).toEqual(expected.calls)
    const sent = bench.provider.calls.find(({ endpoint }) => endpoint === 'logout')?.params
    if ('missing' in expected) expect(sent?.has(expected.missing)).toBe(false)
    expect(signedIn(await browser.open(bench.base)) !== null).toBe(expected.open)
  })

  it('logout-requires-state: shows at the return from the sign-out', async () => {
    for (const [defects, status] of [
      [['logout-requires-state'], 400],
      [[], 200],
    ] as const) {
      const { browser } = await signIn(...defects)
      await browser.open(`${bench.base}/deconnexion`, {})
      expect((await browser.open(`${bench.base}/deconnecte`)).status).toBe(status)
    }
  })

  it('tells which name is wrong in the cookie', async () => {
    const browser = bench.browser()
    browser.setCookie(bench.base, 'dpi_defects', 'ignore-aud')
    const page = await browser.open(bench.base)
    expect([page.status, page.html.includes('« ignores-aud »')]).toEqual([400, true])
  })
})
