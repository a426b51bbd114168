import { createServer } from 'node:net'
import { type Page, type TinyBrowser, tinyBrowser } from './browser.test-data.ts'
import type { DpiConfiguration } from './configuration.ts'
import { type Defect, parseDefects } from './defects.ts'
import { startDpi } from './server.ts'
import { CLIENT, startTinyProvider, type Tamper, type TinyProvider } from './tiny-provider.test-data.ts'

/** A DPI and its tiny provider, for tests; one process serves every defect, by cookie. */
export interface DpiBench {
  readonly provider: TinyProvider
  readonly base: string
  /** A new browser that meets these defects. */
  browser(...defects: readonly Defect[]): TinyBrowser
  /** Signs in with a new browser while the provider is bent. */
  signIn(tamper?: Tamper, ...defects: readonly Defect[]): Promise<Page>
  /** Starts a login and keeps its answer (the query of the return address) instead of delivering it. */
  holdAnswer(browser: TinyBrowser): Promise<string>
  close(): Promise<void>
}

export const HONEST_IDENTITY = {
  SubjectNameID: '899900000001',
  preferred_username: '899900000001',
  given_name: 'Zoé',
  family_name: "D'EXEMPLE-TRÈS-LONGUEMENT-NOMMÉE",
  email: 'zoe@exemple.invalid',
  otherIds: [],
  SubjectRefPro: { exercices: [exercise('10', [['CHU FICTIF', 'S']])] },
}

export function exercise(codeProfession: string, places: readonly (readonly [string, string])[]) {
  return { codeProfession, activities: places.map(([raisonSocialeSite, codeModeExercice]) => ({ raisonSocialeSite, codeModeExercice })) }
}

export async function startBench(options: Partial<DpiConfiguration> = {}): Promise<DpiBench> {
  const provider = await startTinyProvider()
  provider.identity = HONEST_IDENTITY
  const base = `http://127.0.0.1:${await freePort()}`
  const settings: DpiConfiguration = {
    issuer: provider.issuer,
    discoveryUrl: provider.discoveryUrl,
    client: { ...CLIENT, auth: 'client_secret_basic' },
    responseMode: 'query',
    idTokenAlg: 'RS256',
    redirectUri: `${base}/retour`,
    postLogoutRedirectUri: `${base}/deconnecte`,
    scope: 'openid scope_all',
    acrValues: 'eidas1',
    baseUrl: new URL(base),
    people: [
      { id: 'canari', idNat: '899900000001', givenName: 'Zoé', familyName: 'ANNUAIRE', known: true },
      { id: 'inconnu', idNat: '899900000011', givenName: 'Ulysse', familyName: 'INCONNU', known: false },
    ],
    defects: 'by-cookie',
    connector: 'openid-client',
    ...options,
  }
  const dpi = await startDpi(settings, () => {})
  const browser = (...defects: readonly Defect[]) => {
    const made = tinyBrowser()
    parseDefects(defects.join(','))
    made.setCookie(base, 'dpi_defects', defects.join(','))
    return made
  }
  return {
    provider,
    base,
    browser,
    async signIn(tamper = {}, ...defects) {
      provider.tamper = tamper
      return browser(...defects)
        .open(`${base}/connexion`)
        .finally(() => {
          provider.tamper = {}
        })
    },
    async holdAnswer(browser) {
      let held = ''
      provider.tamper = {
        response: (parameters) => {
          held = parameters.toString()
          for (const name of [...parameters.keys()]) parameters.delete(name)
        },
        redirectTo: 'http://127.0.0.1/nulle-part',
      }
      await browser.open(`${base}/connexion`).catch(() => {})
      provider.tamper = {}
      return held
    },
    async close() {
      await dpi.close()
      provider.close()
    },
  }
}

/** Who the page says is signed in; null for nobody. */
export function signedIn({ html }: Page): string | null {
  const name = /<strong id="professionnel">([^<]*)</.exec(html)?.[1]
  return name === undefined ? null : name.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

/** What the alert of the page says; null without an alert. */
export function alert({ html }: Page): string | null {
  return /role="alert">\s*<h1>([^<]*)</.exec(html)?.[1] ?? null
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
