import { EventEmitter } from 'node:events'
import type { BrowserContext, Page } from 'playwright'
import { createJar } from './cookies.ts'
import { createPage, type Profile } from './page.ts'
import { partial } from './unsupported.ts'
import type { Wire } from './wire.ts'

const TIMEOUT = 30_000
const REFUSED = new WeakSet<object>()

/** Did something in this profile need a real browser? False for the profiles of a real browser. */
export function renderingWasNeeded(context: BrowserContext): boolean {
  return REFUSED.has(context)
}

/** A profile: cookies that its pages share, and nothing else. */
export function createContext(
  wire: Wire,
  agent: string,
  options: { readonly extraHTTPHeaders?: Readonly<Record<string, string>> } = {},
): BrowserContext {
  const events = new EventEmitter()
  const closing = new AbortController()
  const pages = new Set<Page>()
  const jar = createJar()
  let extra: Readonly<Record<string, string>> = { 'user-agent': agent, ...options.extraHTTPHeaders }
  let timeout = TIMEOUT
  let navigationTimeout: number | undefined
  const profile: Profile = {
    wire,
    jar,
    context: () => context,
    headers: () => extra,
    timeout: () => timeout,
    navigationTimeout: () => navigationTimeout ?? timeout,
    needsRendering: () => void REFUSED.add(context),
    closed: closing.signal,
  }
  const context: BrowserContext = partial<BrowserContext>('context', {
    async newPage() {
      if (closing.signal.aborted) throw new Error('browserContext.newPage: Target page, context or browser has been closed')
      const page = createPage(profile)
      pages.add(page)
      for (const name of ['request', 'response'] as const) page.on(name as 'request', (value: unknown) => void events.emit(name, value))
      page.on('close', () => pages.delete(page))
      events.emit('page', page)
      return page
    },
    pages: () => [...pages],
    addCookies: async (cookies: Parameters<BrowserContext['addCookies']>[0]) => jar.add(cookies),
    cookies: async (urls?: string | readonly string[]) => jar.list(urls),
    clearCookies: async (filter?: Parameters<BrowserContext['clearCookies']>[0]) => jar.clear(filter),
    storageState: async () => ({ cookies: jar.list(), origins: [] }),
    setDefaultTimeout(value: number) {
      timeout = value
    },
    setDefaultNavigationTimeout(value: number) {
      navigationTimeout = value
    },
    async setExtraHTTPHeaders(headers: Readonly<Record<string, string>>) {
      extra = { 'user-agent': agent, ...headers }
    },
    on(name: string, listener: (value: unknown) => void) {
      events.on(name, listener)
      return context
    },
    off(name: string, listener: (value: unknown) => void) {
      events.off(name, listener)
      return context
    },
    async close() {
      closing.abort()
      events.emit('close', context)
    },
  })
  return context
}
