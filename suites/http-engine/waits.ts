import { deadlineIn, TimedOut, within } from './deadline.ts'
import type { RequestView, ResponseView } from './exchange.ts'
import type { State, Tab } from './page.ts'

/** A page at rest, with nobody acting on it for this long (milliseconds), will not move any more: waiting on would show nothing else. */
const AT_REST = 1000
const ORDER = ['commit', 'domcontentloaded', 'load']

type Timed = { readonly timeout?: number }
type UrlMatch = string | RegExp | ((url: URL) => boolean)
type Match<View> = string | RegExp | ((view: View) => boolean | Promise<boolean>)

/** What scenes wait for. */
export interface Waits {
  url(match: UrlMatch, options?: Timed & { readonly waitUntil?: State }): Promise<void>
  response(match: Match<ResponseView>, options?: Timed): Promise<ResponseView>
  request(match: Match<RequestView>, options?: Timed): Promise<RequestView>
  event(name: string, options?: (Timed & { readonly predicate?: (value: unknown) => boolean }) | ((value: unknown) => boolean)): Promise<unknown>
  loadState(state?: State, options?: Timed): Promise<void>
  state(wanted: State, deadline: number): Promise<void>
  /** The page goes: whoever waits is told. */
  end(): void
}

export function createWaits(tab: Tab): Waits {
  const { events, profile } = tab

  /**
   * Waits for one of some events whose value fits. Gives up when time is up, when the page closes, or when it is at rest and nobody acts
   * on it: no script runs here that could still move it.
   */
  function wait<Value>(
    names: readonly string[],
    fits: (value: Value, name: string) => boolean | Promise<boolean>,
    what: string,
    timeout: number,
  ): Promise<Value> {
    const deadline = deadlineIn(timeout)
    return new Promise((resolve, reject) => {
      const listeners = names.map((name) => [name, (value: Value) => void consider(value, name)] as const)
      const finish = (act: () => void) => {
        clearInterval(watch)
        for (const [name, listener] of listeners) events.off(name, listener)
        events.off('ended', ended)
        act()
      }
      const consider = async (value: Value, name: string) => {
        try {
          if (await fits(value, name)) finish(() => resolve(value))
        } catch (error) {
          finish(() => reject(error))
        }
      }
      const ended = () => finish(() => reject(new Error(`${what}: Target page, context or browser has been closed`)))
      const watch = setInterval(
        () => {
          if (Date.now() >= deadline) return finish(() => reject(new Error(`${what}: Timeout ${timeout}ms exceeded.`)))
          if (tab.movement() || tab.calm() < Math.min(AT_REST, timeout) || tab.hurry(deadline)) return
          finish(() => reject(new Error(`${what}: la page est au repos, rien ne s'y passe plus`)))
        },
        Math.max(1, Math.min(50, timeout)),
      )
      for (const [name, listener] of listeners) events.on(name, listener)
      events.on('ended', ended)
    })
  }

  async function state(wanted: State, deadline: number): Promise<void> {
    const enough = () => ORDER.indexOf(tab.shown().state) >= ORDER.indexOf(wanted === 'networkidle' ? 'load' : wanted)
    while (!enough()) {
      const movement = tab.movement()
      if (!movement) break
      await within(movement, deadline)
    }
    if (!enough()) throw new Error("la page n'a pas fini d'arriver")
  }

  return {
    state,
    async url(match, { timeout = profile.navigationTimeout(), waitUntil = 'load' } = {}) {
      const deadline = deadlineIn(timeout)
      const fits = matcher(match, tab)
      if (!fits(tab.shown().url)) {
        await wait<unknown>(
          ['framenavigated', 'navigationfailed'],
          (value, name) => {
            if (name === 'navigationfailed') throw new Error(`page.waitForURL: ${(value as Error).message}`)
            return fits(tab.shown().url)
          },
          'page.waitForURL',
          timeout,
        )
      }
      await state(waitUntil, deadline).catch((error) => {
        throw new Error(`page.waitForURL: ${error instanceof TimedOut ? `Timeout ${timeout}ms exceeded.` : (error as Error).message}`)
      })
    },
    response: (match, { timeout = profile.timeout() } = {}) => wait(['response'], viewMatcher(match, tab), 'page.waitForResponse', timeout),
    request: (match, { timeout = profile.timeout() } = {}) => wait(['request'], viewMatcher(match, tab), 'page.waitForRequest', timeout),
    event(name, options = {}) {
      const { timeout = profile.timeout(), predicate = () => true } = typeof options === 'function' ? { predicate: options } : options
      return wait([name], predicate, `page.waitForEvent`, timeout)
    },
    async loadState(wanted = 'load', { timeout = profile.navigationTimeout() } = {}) {
      await state(wanted, deadlineIn(timeout)).catch((error) => {
        throw new Error(`page.waitForLoadState: ${error instanceof TimedOut ? `Timeout ${timeout}ms exceeded.` : (error as Error).message}`)
      })
    },
    end: () => void events.emit('ended'),
  }
}

function matcher(match: UrlMatch, tab: Tab): (url: URL) => boolean {
  if (typeof match === 'function') return match
  if (typeof match !== 'string') return (url) => match.test(url.href)
  if (!match.includes('*')) {
    const wanted = URL.canParse(match, tab.shown().url.href) ? new URL(match, tab.shown().url.href).href : match
    return (url) => url.href === wanted
  }
  const source = match
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '.*')
  const expression = new RegExp(`^${source}$`)
  return (url) => expression.test(url.href)
}

function viewMatcher<View extends { url(): string }>(match: Match<View>, tab: Tab): (view: View) => boolean | Promise<boolean> {
  if (typeof match === 'function') return match
  const fits = matcher(match, tab)
  return (view) => fits(new URL(view.url()))
}
