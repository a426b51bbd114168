import type { Book } from '#core/book.ts'
import type { Change, Fault, Json } from '#core/fault.ts'
import type { Actor, Channel, Draft } from '#core/journal.ts'
import type { Mask } from '#core/secret.ts'
import type { Flow } from './flows.ts'
import { BACK_CHANNEL } from './sites.ts'

/** One exchange as the provider saw it, before masking. */
export interface RawExchange {
  readonly site: string
  readonly method: string
  readonly url: string
  readonly params: Iterable<readonly [string, string]>
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>
  readonly status: number
  readonly responseHeader: (name: string) => string | string[] | number | undefined
  readonly response?: unknown
  readonly duration: number
  readonly clientAuth?: string | undefined
  readonly error?: string | undefined
  /** Response headers to keep, beside the usual ones. */
  readonly keep?: readonly string[]
}

/** Writes to the book, masked. */
export interface Recorder {
  exchange(flow: Flow | undefined, raw: RawExchange): void
  /** A fault was applied; secret values among the changes are masked like any other. */
  fault(flow: Flow | undefined, channel: Channel, fault: Fault, changes: readonly Change[]): void
  note(flow: Flow | undefined, draft: Draft): void
}

type ExchangeDraft = Extract<Draft, { kind: 'exchange' }>

const KEPT_REQUEST = ['authorization', 'content-type', 'referer']
const KEPT_RESPONSE = ['location', 'content-type', 'www-authenticate']

/** @param actor who the entries are marked with, when it is not the first provider. */
export function createRecorder(book: Book, mask: Mask, actor?: Actor): Recorder {
  const append = (flow: Flow | undefined, draft: Draft) => void book.append(flow?.id ?? '', actor ? { ...draft, actor } : draft)
  return {
    exchange(flow, raw) {
      const entry: { -readonly [Member in keyof ExchangeDraft]: ExchangeDraft[Member] } = {
        kind: 'exchange',
        channel: BACK_CHANNEL.has(raw.site) ? 'back-channel' : 'browser',
        site: raw.site,
        method: raw.method,
        url: mask.text(raw.url),
        params: mask.params(raw.params),
        requestHeaders: mask.headers(pick((name) => raw.requestHeaders[name], KEPT_REQUEST)),
        status: raw.status,
        responseHeaders: withCookieNames(
          mask.headers(pick(raw.responseHeader, raw.keep ? [...KEPT_RESPONSE, ...raw.keep] : KEPT_RESPONSE)),
          raw.responseHeader('set-cookie'),
        ),
        duration: Math.round(raw.duration * 10) / 10,
      }
      if (raw.response !== undefined) entry.response = mask.json(raw.response)
      if (raw.clientAuth) entry.clientAuth = raw.clientAuth
      if (raw.error) entry.error = raw.error
      append(flow, entry)
    },
    fault(flow, channel, fault, changes) {
      const masked = (path: string, value: Json | undefined) =>
        value === undefined ? undefined : ((mask.json({ [path]: value }) as Record<string, Json>)[path] as Json)
      append(flow, {
        kind: 'fault-applied',
        channel,
        fault: fault.id,
        title: fault.title,
        site: fault.site,
        changes: changes.map(({ path, before, after }) => ({ path, before: masked(path, before), after: masked(path, after) })),
      })
    },
    note: append,
  }
}

/** The cookies that an answer sets: their names tell enough. */
function withCookieNames(headers: Record<string, string>, cookies: string | string[] | number | undefined): Record<string, string> {
  if (Array.isArray(cookies) && cookies.length > 0) headers['set-cookie'] = cookies.map((cookie) => cookie.slice(0, cookie.indexOf('='))).join(', ')
  return headers
}

function pick<Value>(header: (name: string) => Value | undefined, names: readonly string[]): Record<string, Value> {
  const kept: Record<string, Value> = {}
  for (const name of names) {
    const value = header(name)
    if (value !== undefined) kept[name] = value
  }
  return kept
}
