import type { BrowserContext, Cookie as PlaywrightCookie } from 'playwright'
import { Cookie, canonicalDomain, defaultPath, domainMatch, getPublicSuffix, pathMatch } from 'tough-cookie'

/** Chromium drops what is longer than this, name and value together. */
const MOST_BYTES = 4096
/** Seconds during which a cookie without SameSite still follows a cross-site POST of the whole page. */
const YOUNG = 120

type Added = Parameters<BrowserContext['addCookies']>[0][number]
type SameSite = 'Strict' | 'Lax' | 'None'

interface Kept {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  /** Absent: treated as Lax, with the two minutes of grace. */
  readonly sameSite?: SameSite
  /** Milliseconds; undefined for the session. */
  readonly expires?: number
  readonly created: number
}

/** How near a request is to the site that asked for it: what decides on SameSite. */
export type Nearness = 'same-site' | 'cross-site-navigation' | 'cross-site-post' | 'cross-site'

/** The cookies of one profile, by the rules of a Chromium of today. */
export interface Jar {
  header(url: URL, nearness: Nearness): string
  store(url: URL, setCookies: readonly string[], nearness: Nearness): void
  add(cookies: readonly Added[]): void
  list(urls?: string | readonly string[]): PlaywrightCookie[]
  clear(filter?: Parameters<BrowserContext['clearCookies']>[0]): void
}

/** Scheme and registrable domain; a host without one (an address, `localhost`) is a site of its own. */
export function siteOf({ protocol, hostname }: URL): string {
  return `${protocol}//${registrable(hostname)}`
}

function registrable(hostname: string): string {
  return getPublicSuffix(hostname, { allowSpecialUseDomain: true, ignoreError: true }) ?? hostname
}

/** A context that may hold Secure cookies. */
function trustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1'
}

export function createJar(now: () => number = Date.now): Jar {
  const cookies = new Map<string, Kept>()
  const keyOf = ({ domain, path, name }: Pick<Kept, 'domain' | 'path' | 'name'>) => `${domain} ${path} ${name}`

  function keep(cookie: Kept): void {
    const key = keyOf(cookie)
    const old = cookies.get(key)
    cookies.delete(key)
    if (cookie.expires === undefined || cookie.expires > now()) cookies.set(key, old ? { ...cookie, created: old.created } : cookie)
  }
  function live(): Kept[] {
    for (const [key, { expires }] of cookies) if (expires !== undefined && expires <= now()) cookies.delete(key)
    return [...cookies.values()]
  }
  function reaches(cookie: Kept, url: URL): boolean {
    const host = url.hostname
    if (cookie.hostOnly ? host !== cookie.domain : !domainMatch(host, cookie.domain)) return false
    return pathMatch(url.pathname, cookie.path) && (!cookie.secure || trustworthy(url))
  }
  function follows({ sameSite, created }: Kept, nearness: Nearness): boolean {
    if (nearness === 'same-site' || sameSite === 'None') return true
    if (nearness === 'cross-site-navigation') return sameSite !== 'Strict'
    return nearness === 'cross-site-post' && sameSite === undefined && now() - created < YOUNG * 1000
  }

  return {
    header(url, nearness) {
      return live()
        .filter((cookie) => reaches(cookie, url) && follows(cookie, nearness))
        .sort((a, b) => b.path.length - a.path.length || a.created - b.created)
        .map(({ name, value }) => (name === '' ? value : `${name}=${value}`))
        .join('; ')
    },

    store(url, setCookies, nearness) {
      for (const text of setCookies) {
        const parsed = Cookie.parse(text, { loose: true })
        const cookie = parsed && accept(parsed, url, now())
        // A cross-site frame or picture may only set what may also be sent from there.
        if (cookie && (nearness !== 'cross-site' || cookie.sameSite === 'None')) keep(cookie)
      }
    },

    add(added) {
      for (const { name, value, url, domain, path, expires, httpOnly, secure, sameSite } of added) {
        const from = url === undefined ? undefined : new URL(url)
        const host = domain ?? from?.hostname ?? ''
        keep({
          name,
          value,
          domain: host.replace(/^\./, ''),
          hostOnly: !host.startsWith('.'),
          path: path ?? from?.pathname.slice(0, from.pathname.lastIndexOf('/') + 1) ?? '/',
          secure: secure ?? from?.protocol === 'https:',
          httpOnly: httpOnly ?? false,
          ...(sameSite ? { sameSite } : {}),
          ...(expires !== undefined && expires >= 0 ? { expires: expires * 1000 } : {}),
          created: now(),
        })
      }
    },

    list(urls) {
      const wanted = (typeof urls === 'string' ? [urls] : (urls ?? [])).map((url) => new URL(url))
      return live()
        .filter((cookie) => wanted.length === 0 || wanted.some((url) => reaches(cookie, url)))
        .map(({ name, value, domain, hostOnly, path, secure, httpOnly, sameSite, expires }) => ({
          name,
          value,
          domain: hostOnly ? domain : `.${domain}`,
          path,
          expires: expires === undefined ? -1 : expires / 1000,
          httpOnly,
          secure,
          sameSite: sameSite ?? 'Lax',
        }))
    },

    clear(filter = {}) {
      const says = (rule: string | RegExp | undefined, value: string) =>
        rule === undefined || (typeof rule === 'string' ? rule === value : rule.test(value))
      for (const cookie of live()) {
        const domain = cookie.hostOnly ? cookie.domain : `.${cookie.domain}`
        if (says(filter.name, cookie.name) && says(filter.domain, domain) && says(filter.path, cookie.path)) cookies.delete(keyOf(cookie))
      }
    },
  }
}

/** The cookie that Chromium would keep of an answer, or nothing. */
function accept(cookie: Cookie, url: URL, now: number): Kept | undefined {
  const { key: name, value, secure, httpOnly } = cookie
  if (name.length + value.length > MOST_BYTES) return undefined
  const host = url.hostname
  const asked = cookie.domain ? canonicalDomain(cookie.domain) : undefined
  if (asked) {
    if (!domainMatch(host, asked)) return undefined
    // Not for a whole public suffix.
    if (asked !== host && !asked.endsWith(registrable(host))) return undefined
  }
  const path = cookie.path?.startsWith('/') ? cookie.path : defaultPath(url.pathname)
  if (secure && !trustworthy(url)) return undefined
  if (/^__secure-/i.test(name) && !secure) return undefined
  if (/^__host-/i.test(name) && !(secure && !asked && path === '/')) return undefined
  const written = cookie.sameSite?.toLowerCase()
  const sameSite = written === 'strict' ? 'Strict' : written === 'lax' ? 'Lax' : written === 'none' ? 'None' : undefined
  if (sameSite === 'None' && !secure) return undefined
  const expires = cookie.expiryTime(new Date(now))
  return {
    name,
    value,
    domain: asked ?? host,
    hostOnly: asked === undefined || asked === null,
    path,
    secure,
    httpOnly,
    ...(sameSite ? { sameSite } : {}),
    ...(expires !== undefined && Number.isFinite(expires) ? { expires } : {}),
    created: now,
  }
}
