import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBook } from '#core/book.ts'
import { systemClock } from '#core/clock.ts'
import { createMask } from '#core/secret.ts'
import { openLocalCa } from '#simulators/wire/local-ca.ts'
import { type Account, type ClientRegistration, type OpOptions, type OpProfile, startOpenIdProvider } from './index.ts'

/** A provider for our own tests: two professionals, one client, everything in a temporary folder. */
export const REDIRECT_URI = 'https://dpi.test/retour'
export const SECRET = 'un-secret-de-test-assez-long-0123456789'

export const ACCOUNTS: readonly Account[] = ['Ève', 'Zoé'].map((given, index) => ({
  id: given,
  title: 'Médecin',
  nationalId: `89990000000${index}`,
  subject: `f:0000:89990000000${index}`,
  claims: { given_name: given, family_name: "D'ÉTOILE", preferred_username: `89990000000${index}`, SubjectNameID: `89990000000${index}` },
}))

export async function startTestProvider(client: Partial<ClientRegistration> = {}, more: Partial<OpOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hospicert-op-'))
  const ca = await openLocalCa(folder, Date.now())
  const profile = JSON.parse(readFileSync(new URL('../../fixtures/federations/psc/profile.json', import.meta.url), 'utf8')) as OpProfile
  const book = createBook(systemClock, (entry) => entry.kind === 'trouble' && console.error(entry.sentence))
  const mask = createMask((value) => createHmac('sha256', 'k').update(value).digest('hex').slice(0, 8))
  const provider = await startOpenIdProvider({
    profile,
    accounts: ACCOUNTS,
    client: {
      id: 'dpi',
      auth: 'client_secret_basic',
      secret: SECRET,
      redirectUris: [REDIRECT_URI],
      postLogoutRedirectUris: ['https://dpi.test/deconnecte'],
      ...client,
    },
    ports: { wallet: 0, auth: 0 },
    ca,
    book,
    mask,
    ...more,
  })
  return { provider, book, ca, fetch: loopbackFetch(ca.certificate) }
}

/** `fetch` that resolves every name to loopback and trusts the local CA, with an optional client certificate. */
export function loopbackFetch(ca: string, client: { cert?: string; key?: string } = {}): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const headers = Object.fromEntries(new Headers(init.headers))
    const body = init.body == null ? undefined : String(init.body)
    if (body !== undefined && !headers['content-type']) headers['content-type'] = 'application/x-www-form-urlencoded;charset=UTF-8'
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: url.port,
          path: url.pathname + url.search,
          method: init.method ?? 'GET',
          servername: url.hostname,
          ca,
          ...client,
          headers: { ...headers, host: url.host, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('error', reject)
          incoming.on('data', (chunk) => chunks.push(chunk))
          incoming.on('end', () => {
            const answer = new Headers()
            for (const [name, value] of Object.entries(incoming.headers)) for (const item of [value ?? []].flat()) answer.append(name, item)
            const status = incoming.statusCode ?? 0
            resolve(new Response([204, 304].includes(status) ? null : Buffer.concat(chunks), { status, headers: answer }))
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}

/** A browser without pages: follows redirects, keeps cookies by domain, stops at `until`. */
export function createBrowser(get: typeof fetch, cookies: Record<string, string> = {}) {
  const jar = new Map(Object.entries(cookies))
  async function go(url: string, until: string, init: RequestInit = {}): Promise<{ url: string; response?: Response; html?: string }> {
    if (url.startsWith(until)) return { url }
    const response = await get(url, {
      ...init,
      headers: { ...(init.headers as object), cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (location) return go(new URL(location, url).href, until)
    return { url, response, html: await response.text() }
  }
  /** Signs in on the wallet page and returns the callback URL. */
  async function signIn(authorizationUrl: string, persona: string, until: string, means = 'card'): Promise<URL> {
    const page = await go(authorizationUrl, until)
    const action = /action="([^"]+)"/.exec(page.html ?? '')?.[1]
    if (!action) return new URL(page.url)
    const done = await go(new URL(action, page.url).href, until, {
      method: 'POST',
      body: new URLSearchParams({ identite: persona, moyen: means }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    return new URL(done.url)
  }
  return { go, signIn }
}
