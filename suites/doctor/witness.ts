import type { Browser, BrowserContext, Request, Response } from 'playwright'
import type { CookieSet, Hop } from './evidence.ts'

/** Parameters that tell how a request was meant, and that no secret hides in. */
const TOLD = ['client_id', 'response_type', 'response_mode', 'redirect_uri', 'scope', 'acr_values', 'code_challenge_method', 'error', 'iss']

/** A browser that looks over its own shoulder. */
export interface Witnessed {
  readonly browser: Browser
  /** The hops since the last call. */
  take(): readonly Hop[]
}

/**
 * Wraps a browser so that every document request outside the simulator is noted, with the names of the cookies that were set and
 * sent: what a journal does not need and a misplaced setting is recognised by. An engine without rendering is left as it is.
 */
export function witness(browser: Browser, ours: (url: string) => boolean, rendered = true): Witnessed {
  if (!rendered) return { browser, take: () => [] }
  let hops: Hop[] = []
  async function watched(context: BrowserContext): Promise<BrowserContext> {
    const pending: Promise<void>[] = []
    const seen: (Hop | undefined)[] = []
    const notice = (request: Request, response: Response | null) => {
      if (!request.isNavigationRequest() || request.frame().parentFrame() || ours(request.url())) return
      const place = seen.push(undefined) - 1
      pending.push(
        hop(request, response).then((made) => {
          seen[place] = made
        }),
      )
    }
    context.on('response', (response) => notice(response.request(), response))
    context.on('requestfailed', (request) => notice(request, null))
    const close = context.close.bind(context)
    context.close = async (options) => {
      await Promise.allSettled(pending)
      hops.push(...seen.filter((one) => one !== undefined))
      seen.length = 0
      await close(options)
    }
    return context
  }
  const newContext: Browser['newContext'] = async (options) => watched(await browser.newContext(options))
  return {
    browser: new Proxy(browser, { get: (target, name) => (name === 'newContext' ? newContext : bound(target, name)) }),
    take() {
      const taken = hops
      hops = []
      return taken
    },
  }
}

/** Headers that the browser does not hand out are not waited for. */
function inTime<Headers extends readonly unknown[]>(headers: Promise<Headers>): Promise<Headers | []> {
  return Promise.race([headers.catch((): [] => []), new Promise<[]>((done) => setTimeout(() => done([]), 8000).unref())])
}

function bound(target: Browser, name: string | symbol): unknown {
  const member = Reflect.get(target, name)
  return typeof member === 'function' ? member.bind(target) : member
}

async function hop(request: Request, response: Response | null): Promise<Hop> {
  const [sent, received] = await Promise.all([
    // A request that failed may never tell which headers it would have had.
    response ? inTime(request.headersArray()) : [],
    response ? inTime(response.headersArray()) : [],
  ])
  const valuesOf = (headers: readonly { name: string; value: string }[], wanted: string) =>
    headers.filter(({ name }) => name.toLowerCase() === wanted).map(({ value }) => value)
  const { searchParams } = new URL(request.url())
  const location = valuesOf(received, 'location')[0]
  const failure = request.failure()?.errorText
  return {
    method: request.method(),
    url: bare(request.url()),
    params: Object.fromEntries(TOLD.flatMap((name) => (searchParams.has(name) ? [[name, searchParams.get(name) ?? '']] : []))),
    status: response?.status() ?? null,
    ...(failure ? { failure } : {}),
    ...(location ? { location: bare(new URL(location, request.url()).href) } : {}),
    setCookies: valuesOf(received, 'set-cookie')
      .flatMap((value) => value.split('\n'))
      .map(cookieSet),
    cookies: valuesOf(sent, 'cookie').flatMap((value) => value.split(/;\s*/).map((pair) => pair.split('=', 1)[0] ?? '')),
  }
}

function bare(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** Name and attributes of a `Set-Cookie` header (RFC 6265 §5.2). */
export function cookieSet(header: string): CookieSet {
  const [pair = '', ...attributes] = header.split(/;\s*/)
  const named = new Map(
    attributes.map((text) => {
      const [name = '', value = ''] = text.split('=', 2)
      return [name.toLowerCase(), value]
    }),
  )
  const expires = named.get('expires')
  const past = (expires !== undefined && Date.parse(expires) < 86_400_000) || Number(named.get('max-age') ?? 1) <= 0
  const [sameSite, domain, path] = [named.get('samesite'), named.get('domain'), named.get('path')]
  return {
    name: pair.split('=', 1)[0] ?? '',
    secure: named.has('secure'),
    ...(sameSite ? { sameSite } : {}),
    ...(domain ? { domain } : {}),
    ...(path ? { path } : {}),
    removed: past,
  }
}
