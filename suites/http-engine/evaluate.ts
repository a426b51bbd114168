import { NeedsRendering, USE_BROWSER } from './unsupported.ts'

/**
 * Runs a function of ours on the document, as Playwright's `evaluate` would in the page. What only a real window has (storage, styles,
 * layout, the marks of scripts) says so instead of answering.
 */
export function evaluateIn(
  document: Document,
  url: URL,
  run: string | ((argument: unknown) => unknown),
  argument: unknown,
  refused: () => void,
): unknown {
  const location = {
    href: url.href,
    origin: url.origin,
    pathname: url.pathname,
    search: url.search,
    hash: url.hash,
    host: url.host,
    hostname: url.hostname,
  }
  const window: object = new Proxy(
    { document, location },
    {
      get(target, name) {
        if (name in target || typeof name !== 'string') return Reflect.get(target, name)
        refused()
        throw new NeedsRendering(`page.evaluate: « ${name} » n'existe que dans un vrai navigateur : ${USE_BROWSER}`)
      },
    },
  )
  const missing = ['localStorage', 'sessionStorage', 'navigator', 'performance', 'history', 'indexedDB', 'fetch', 'getComputedStyle', 'caches']
  const source = typeof run === 'string' ? `(${run})` : `(${String(run)})(argument)`
  const act = new Function('window', 'document', 'location', 'argument', `with (window) { return ${source} }`)
  const held = new Proxy(window, { has: (target, name) => missing.includes(String(name)) || name in target })
  return act(held, document, location, argument)
}
