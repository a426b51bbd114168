import type { Browser, BrowserContext } from 'playwright'
import { createContext } from './context.ts'
import { partial } from './unsupported.ts'
import { createWire, type Meter } from './wire.ts'

export { renderingWasNeeded } from './context.ts'
export { scripted } from './page.ts'
export type { Meter } from './wire.ts'

const VERSION = '1'
const AGENT = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 HospiCert-HTTP/${VERSION}`

/**
 * A browser without rendering: the part of Playwright's interface that scenes use, over plain HTTP. It reads pages as they arrive, keeps
 * cookies, follows redirects, sends forms; it runs no script and says so when one would be needed.
 *
 * @param hosts name → address
 * @param meter is told what requests and reading cost, for a benchmark
 * @example const browser = createHttpBrowser({ 'dpi.test': '127.0.0.1' }); const page = await (await browser.newContext()).newPage()
 */
export function createHttpBrowser(hosts: Readonly<Record<string, string>>, meter?: Meter): Browser {
  const wire = createWire(hosts, meter)
  const contexts = new Set<BrowserContext>()
  return partial<Browser>('browser', {
    async newContext(options?: { readonly extraHTTPHeaders?: Readonly<Record<string, string>> }) {
      const context = createContext(wire, AGENT, options)
      contexts.add(context)
      context.on('close', () => contexts.delete(context))
      return context
    },
    contexts: () => [...contexts],
    version: () => VERSION,
    isConnected: () => true,
    async close() {
      await Promise.all([...contexts].map((context) => context.close()))
      wire.close()
    },
  })
}
