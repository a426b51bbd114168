import { allowed } from './content-policy.ts'
import { type Jar, type Nearness, siteOf } from './cookies.ts'
import { type FrameView, type RequestView, type ResponseView, requestView, responseView } from './exchange.ts'
import { policyOf, type ReferrerPolicy, refererOf } from './referrer.ts'
import type { Answer, Wire } from './wire.ts'

/** Chromium's own limit. */
const MOST_REDIRECTS = 20
const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

/** Something to load: a document of a frame, or a thing that a document shows. */
export interface Load {
  readonly method: string
  readonly url: URL
  readonly body?: string | undefined
  readonly contentType?: string | undefined
  /** The document that asks; none for an address that was typed. */
  readonly initiator?: URL | undefined
  readonly policy: ReferrerPolicy
  /** The policy on contents of a document whose form is sent: it holds for every hop. */
  readonly formPolicy?: string | undefined
  readonly kind: 'page' | 'frame' | 'thing'
  /** Address of the whole page, for frames and things. */
  readonly top?: URL | undefined
  readonly frame: FrameView
  readonly signal: AbortSignal
}

/** The last answer of a chain of redirects, and the address that it came from. */
export interface Loaded {
  readonly answer: Answer
  readonly url: URL
  readonly response: ResponseView
}

/** Who is told about what passes. */
export interface Witness {
  request(request: RequestView): void
  response(response: ResponseView): void
}

/** A load that came to nothing, in Chromium's words. */
export class LoadFailed extends Error {
  constructor(code: string, url: URL | string) {
    super(`net::${code} at ${String(url)}`)
  }
}

/**
 * Follows redirects hop by hop, as a browser does: cookies and Referer anew for each, the method by the status (Fetch §4.4).
 * @throws LoadFailed
 */
export async function load(wire: Wire, jar: Jar, extra: Readonly<Record<string, string>>, asked: Load, witness: Witness): Promise<Loaded> {
  let { method, url, body, contentType, policy } = asked
  const { initiator, kind, signal, frame } = asked
  let from: RequestView | null = null
  let tainted = false
  for (let hop = 0; ; hop++) {
    if (hop > MOST_REDIRECTS) throw new LoadFailed('ERR_TOO_MANY_REDIRECTS', url)
    if (!/^https?:$/.test(url.protocol))
      throw new LoadFailed(hop > 0 && /^(data|javascript):$/.test(url.protocol) ? 'ERR_UNSAFE_REDIRECT' : 'ERR_UNKNOWN_URL_SCHEME', url)
    if (asked.formPolicy && initiator && !allowed(asked.formPolicy, 'form-action', initiator, url)) throw new LoadFailed('ERR_BLOCKED_BY_CSP', url)
    const near = nearness(asked, method, url)
    const referer = refererOf(policy, initiator, url)
    const origin = initiator && (tainted || policy === 'no-referrer') ? 'null' : initiator?.origin
    const cookie = jar.header(url, near)
    const headers: Record<string, string> = {
      'upgrade-insecure-requests': '1',
      accept: kind === 'thing' ? '*/*' : ACCEPT,
      'accept-language': 'fr-FR',
      'accept-encoding': 'gzip, deflate, br',
      'sec-fetch-site': !initiator
        ? 'none'
        : initiator.origin === url.origin
          ? 'same-origin'
          : siteOf(initiator) === siteOf(url)
            ? 'same-site'
            : 'cross-site',
      'sec-fetch-mode': kind === 'thing' ? 'no-cors' : 'navigate',
      'sec-fetch-dest': kind === 'page' ? 'document' : kind === 'frame' ? 'iframe' : 'image',
      ...extra,
      ...(kind === 'page' ? { 'sec-fetch-user': '?1' } : {}),
      ...(referer ? { referer } : {}),
      ...(method !== 'GET' && method !== 'HEAD' ? { origin: origin ?? 'null' } : {}),
      ...(body !== undefined && contentType ? { 'content-type': contentType } : {}),
      ...(cookie ? { cookie } : {}),
    }
    const { cookie: _, ...shown } = headers
    const request = requestView({ method, url: url.href, headers: shown, cookie, body, frame, type: kind === 'thing' ? 'other' : 'document', from })
    witness.request(request)
    const answer = await wire.send({ method, url, headers, body, signal }).catch((error: NodeJS.ErrnoException) => {
      throw new LoadFailed(signal.aborted ? 'ERR_ABORTED' : netError(error), url)
    })
    jar.store(url, answer.setCookies, near)
    const response = responseView(request, answer.status, answer.headers, answer.setCookies)
    witness.response(response)
    const { location } = answer.headers
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return { answer, url, response }
    answer.drop()
    const next = resolveUrl(location, url)
    if (!next) throw new LoadFailed('ERR_INVALID_REDIRECT', url)
    if (next.hash === '') next.hash = url.hash
    policy = policyOf(answer.headers['referrer-policy']) ?? policy
    tainted ||= initiator !== undefined && url.origin !== next.origin && url.origin !== initiator.origin
    if (answer.status === 303 ? method !== 'HEAD' : answer.status < 303 && method === 'POST') {
      method = 'GET'
      body = undefined
    }
    url = next
    from = request
  }
}

/** An address relative to another, or nothing when it makes no sense. */
export function resolveUrl(text: string, base: URL): URL | undefined {
  return URL.canParse(text.trim(), base.href) ? new URL(text.trim(), base.href) : undefined
}

function nearness({ kind, initiator, top }: Load, method: string, url: URL): Nearness {
  const near = (other: URL | undefined) => other === undefined || siteOf(other) === siteOf(url)
  if (kind !== 'page') return near(top) && near(initiator) ? 'same-site' : 'cross-site'
  if (near(initiator)) return 'same-site'
  return method === 'GET' || method === 'HEAD' ? 'cross-site-navigation' : 'cross-site-post'
}

function netError({ code = '' }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'ERR_CONNECTION_REFUSED'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'ERR_CONNECTION_RESET'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'ERR_NAME_NOT_RESOLVED'
  if (code.startsWith('HPE_')) return 'ERR_INVALID_HTTP_RESPONSE'
  if (/SSL|TLS|EPROTO/.test(code)) return 'ERR_SSL_PROTOCOL_ERROR'
  return 'ERR_FAILED'
}
