import { EventEmitter } from 'node:events'
import type { BrowserContext, Page } from 'playwright'
import type { Jar } from './cookies.ts'
import { deadlineIn, TimedOut, within } from './deadline.ts'
import { type Parsed, parseDocument } from './document.ts'
import { evaluateIn } from './evaluate.ts'
import type { FrameView, RequestView, ResponseView } from './exchange.ts'
import { submissionOf } from './forms.ts'
import { type Load, LoadFailed, load, resolveUrl } from './loader.ts'
import { createLocators, type Locators } from './locator.ts'
import { DEFAULT_POLICY, policyOf, type ReferrerPolicy } from './referrer.ts'
import { thingsOf } from './things.ts'
import { NeedsRendering, partial, USE_BROWSER } from './unsupported.ts'
import { createWaits, type Waits } from './waits.ts'
import type { Wire } from './wire.ts'

export type State = 'commit' | 'domcontentloaded' | 'load' | 'networkidle'

/** What the page shows: a document that arrived, or is arriving. */
export interface Shown {
  readonly url: URL
  parsed?: Parsed
  readonly policy: ReferrerPolicy
  readonly contentPolicy: string | undefined
  state: 'commit' | 'domcontentloaded' | 'load'
  /** Where the page goes by itself, and when (milliseconds of this process). */
  refresh?: { readonly url: URL; readonly at: number }
}

/** What a profile gives its pages. */
export interface Profile {
  readonly wire: Wire
  readonly jar: Jar
  readonly context: () => BrowserContext
  readonly headers: () => Readonly<Record<string, string>>
  readonly timeout: () => number
  readonly navigationTimeout: () => number
  /** Called when something could not be done without a real browser. */
  readonly needsRendering: () => void
  readonly closed: AbortSignal
}

/** The page behind its Playwright face: what locators and waits work with. */
export interface Tab {
  readonly events: EventEmitter
  readonly profile: Profile
  shown(): Shown
  /** The document once it is read; what is still arriving is waited for. */
  document(deadline: number): Promise<Document>
  /** Something is on its way: a navigation, or the rest of a document. Undefined at rest. */
  movement(): Promise<unknown> | undefined
  /** Goes on as a link, a form or the address bar would. Resolves when the new document begins, rejects when there is none. */
  go(intent: Intent): Promise<ResponseView | null>
  submit(form: Element, submitter: Element | undefined): Promise<unknown>
  /** A page at rest that will go on by itself before the deadline does so now: nobody reads it meanwhile. */
  hurry(deadline: number): boolean
  touch(): void
  /** Milliseconds since something last happened. */
  calm(): number
  focus?: Element
}

export interface Intent {
  readonly method: string
  readonly url: URL
  readonly body?: string
  readonly type?: string
  readonly initiator?: URL | undefined
  readonly policy?: ReferrerPolicy
  readonly formPolicy?: string | undefined
}

/** The pages by their face, for whoever must know whether a script would have changed what was read. */
const TABS = new WeakMap<object, Tab>()

/** Would a browser have run scripts on what this page shows? False for the pages of a real browser. */
export function scripted(page: Page): boolean {
  return TABS.get(page)?.shown().parsed?.scripted ?? false
}

export function createPage(profile: Profile): Page {
  const events = new EventEmitter().setMaxListeners(100)
  let last = Date.now()
  let going: { readonly done: Promise<ResponseView | null>; readonly abort: AbortController } | undefined
  let arriving: Promise<unknown> | undefined
  let closed = false
  const visited: URL[] = []
  let shown: Shown = blank('about:blank')
  const main: FrameView = partial('frame', { parentFrame: () => null, url: () => shown.url.href, page: () => page })
  const witness = {
    request: (request: RequestView) => void events.emit('request', request),
    response(response: ResponseView) {
      tab.touch()
      events.emit('response', response)
    },
  }

  const tab: Tab = {
    events,
    profile,
    shown: () => shown,
    async document(deadline) {
      while (!shown.parsed) {
        const movement = tab.movement()
        if (!movement) break
        await within(movement, deadline)
      }
      if (!shown.parsed) throw new Error("la page n'a pas fini d'arriver")
      return shown.parsed.document
    },
    movement: () => going?.done.catch(() => {}) ?? arriving,
    go(intent) {
      if (closed) return Promise.reject(new Error('Target page, context or browser has been closed'))
      tab.touch()
      going?.abort.abort()
      const abort = new AbortController()
      const done = navigate(intent, abort).finally(() => {
        tab.touch()
        if (going?.abort === abort) going = undefined
      })
      going = { done, abort }
      done.catch(() => {})
      return done
    },
    async submit(form, submitter) {
      const { url, parsed, policy, contentPolicy } = shown
      const target = submitter?.getAttribute('formtarget') ?? form.getAttribute('target')
      if (target && !['_self', '_top', '_parent'].includes(target)) throw new NeedsRendering(`ce formulaire ouvre une autre fenêtre : ${USE_BROWSER}`)
      const sent = submissionOf(form, submitter, baseOf(shown), parsed?.autoSubmit?.form === form && !submitter ? parsed.autoSubmit.added : [])
      if (!sent) return
      const plain = form.getAttribute('rel')?.includes('noreferrer') ? ('no-referrer' as const) : policy
      await tab.go({ ...sent, initiator: url, policy: plain, formPolicy: contentPolicy })
    },
    hurry(deadline) {
      const { refresh } = shown
      if (!refresh || refresh.at > deadline) return false
      delete shown.refresh
      void tab.go({ method: 'GET', url: refresh.url, initiator: shown.url, policy: shown.policy }).catch(() => {})
      return true
    },
    touch() {
      last = Date.now()
    },
    calm: () => Date.now() - last,
  }

  async function navigate(intent: Intent, abort: AbortController): Promise<ResponseView | null> {
    const signal = AbortSignal.any([abort.signal, profile.closed])
    const asked: Load = {
      method: intent.method,
      url: intent.url,
      body: intent.body,
      contentType: intent.type,
      initiator: intent.initiator,
      policy: intent.policy ?? DEFAULT_POLICY,
      formPolicy: intent.formPolicy,
      kind: 'page',
      frame: main,
      signal,
    }
    try {
      if (intent.url.protocol === 'about:') {
        commit(blank(intent.url.href))
        return null
      }
      const { answer, url, response } = await load(profile.wire, profile.jar, profile.headers(), asked, witness)
      if (signal.aborted) throw new LoadFailed('ERR_ABORTED', url)
      const download = /^\s*attachment\b/i.test(answer.headers['content-disposition'] ?? '')
      if (answer.status === 204 || answer.status === 205 || download) {
        answer.drop()
        throw new LoadFailed('ERR_ABORTED', url)
      }
      const next: Shown = {
        url,
        policy: policyOf(answer.headers['referrer-policy']) ?? DEFAULT_POLICY,
        contentPolicy: answer.headers['content-security-policy'],
        state: 'commit',
      }
      commit(next)
      const coming = arrive(next, answer.read(), answer.headers['content-type'] ?? '')
        .catch(() => {})
        .finally(() => {
          if (arriving === coming) arriving = undefined
        })
      arriving = coming
      return response
    } catch (error) {
      // A page that is left for another one, or a download, stays as it was; anything else shows the browser's own error page.
      if (!/ERR_ABORTED|ERR_UNKNOWN_URL_SCHEME|ERR_BLOCKED_BY_CSP/.test(String(error)) && !signal.aborted) {
        shown = blank('chrome-error://chromewebdata/')
        arriving = undefined
      }
      if (!abort.signal.aborted) events.emit('navigationfailed', error)
      throw error
    }
  }

  function commit(next: Shown): void {
    if (visited.at(-1)?.href !== next.url.href) visited.push(next.url)
    shown = next
    delete (tab as { focus?: Element }).focus
    tab.touch()
    events.emit('framenavigated', main)
  }

  async function arrive(mine: Shown, body: Promise<Buffer>, type: string): Promise<void> {
    const bytes = await body
    if (shown !== mine) return
    const started = performance.now()
    const parsed = parseDocument(decode(bytes, type), type.split(';')[0]?.trim() ?? '')
    profile.wire.meter?.('page', mine.url.hostname, performance.now() - started)
    mine.parsed = parsed
    const meta = policyOf(parsed.document.querySelector('meta[name="referrer" i]')?.getAttribute('content'))
    if (meta) Object.assign(mine, { policy: meta })
    mine.state = 'domcontentloaded'
    tab.touch()
    events.emit('domcontentloaded', page)
    const { autoSubmit, refresh } = parsed
    const things = fetchThings(mine)
    if (autoSubmit) return void tab.submit(autoSubmit.form, undefined).catch(() => {})
    const to = refresh && resolveUrl(refresh.url || mine.url.href, baseOf(mine))
    if (refresh && to && refresh.delay === 0) return void tab.go({ method: 'GET', url: to, initiator: mine.url, policy: mine.policy }).catch(() => {})
    if (refresh && to) mine.refresh = { url: to, at: Date.now() + refresh.delay }
    if (things.length > 0) await Promise.all(things)
    if (shown !== mine) return
    mine.state = 'load'
    tab.touch()
    events.emit('load', page)
  }

  /** Frames and the pictures of other servers; what becomes of them is of no interest, only that they were asked for. */
  function fetchThings({ parsed, url, policy, contentPolicy }: Shown): Promise<void>[] {
    if (!parsed) return []
    return thingsOf(parsed.document, baseOf(shown), url, policy, contentPolicy).map(async (thing) => {
      const inner: FrameView =
        thing.kind === 'frame' ? partial('frame', { parentFrame: () => main, url: () => thing.url.href, page: () => page }) : main
      const asked: Load = {
        method: 'GET',
        url: thing.url,
        initiator: url,
        policy: thing.policy,
        kind: thing.kind,
        top: url,
        frame: inner,
        signal: profile.closed,
      }
      try {
        const { answer } = await load(profile.wire, profile.jar, profile.headers(), asked, witness)
        answer.drop()
      } catch {
        // A picture that does not come leaves a gap, no more.
      }
    })
  }

  const waits: Waits = createWaits(tab)
  const locators: Locators = createLocators(tab)
  const resolved = (url: string) => resolveUrl(url, shown.url)

  async function goto(url: string, options: { timeout?: number; waitUntil?: State } = {}): Promise<ResponseView | null> {
    const timeout = options.timeout ?? profile.navigationTimeout()
    const deadline = deadlineIn(timeout)
    const to = resolved(url)
    if (!to) throw new Error(`page.goto: Cannot navigate to invalid URL`)
    try {
      const same = to.hash !== '' && to.href.split('#')[0] === shown.url.href.split('#')[0]
      if (same) {
        commit({ ...shown, url: to })
        return null
      }
      const response = await within(tab.go({ method: 'GET', url: to }), deadline)
      await waits.state(options.waitUntil ?? 'load', deadline)
      return response
    } catch (error) {
      throw error instanceof TimedOut ? new Error(`page.goto: Timeout ${timeout}ms exceeded.`) : new Error(`page.goto: ${(error as Error).message}`)
    }
  }

  async function close(): Promise<void> {
    closed = true
    going?.abort.abort()
    waits.end()
    events.emit('close', page)
  }
  profile.closed.addEventListener('abort', () => void close(), { once: true })

  const page: Page = partial<Page>('page', {
    ...locators.of((document) => [document as Element]),
    url: () => shown.url.href,
    goto,
    async reload(options: { timeout?: number } = {}) {
      return goto(shown.url.href.split('#')[0] ?? '', options)
    },
    title: async () => (await tab.document(deadlineIn(profile.timeout()))).querySelector('title')?.textContent?.trim() ?? '',
    content: async () => String(await tab.document(deadlineIn(profile.timeout()))),
    evaluate: async (run: string | ((argument: unknown) => unknown), argument?: unknown) =>
      evaluateIn(await tab.document(deadlineIn(profile.timeout())), shown.url, run, argument, () => profile.needsRendering()),
    context: () => profile.context(),
    mainFrame: () => main,
    isClosed: () => closed,
    close,
    bringToFront: async () => {},
    setDefaultTimeout: () => {},
    keyboard: partial('keyboard', { press: (key: string) => locators.press(key) }),
    on(name: string, listener: (value: unknown) => void) {
      events.on(name, listener)
      return page
    },
    once(name: string, listener: (value: unknown) => void) {
      events.once(name, listener)
      return page
    },
    off(name: string, listener: (value: unknown) => void) {
      events.off(name, listener)
      return page
    },
    waitForURL: waits.url,
    waitForResponse: waits.response,
    waitForRequest: waits.request,
    waitForEvent: waits.event,
    waitForLoadState: waits.loadState,
    goBack: () => {
      profile.needsRendering()
      return Promise.reject(new NeedsRendering(`page.goBack: le retour en arrière montre la mémoire du navigateur : ${USE_BROWSER}`))
    },
  })
  TABS.set(page, tab)
  return page
}

function blank(url: string): Shown {
  return {
    url: new URL(url),
    parsed: parseDocument('<html><head></head><body></body></html>', ''),
    policy: DEFAULT_POLICY,
    contentPolicy: undefined,
    state: 'load',
  }
}

/** What relative addresses of a document refer to. */
export function baseOf({ url, parsed }: Shown): URL {
  return (parsed?.base ? resolveUrl(parsed.base, url) : undefined) ?? url
}

/** The charset of the header, or the one that the document names; UTF-8 otherwise. */
function decode(bytes: Buffer, type: string): string {
  const named =
    /charset\s*=\s*["']?([\w-]+)/i.exec(type)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(bytes.subarray(0, 2048).toString('latin1'))?.[1]
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}
