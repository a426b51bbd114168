import type { Book } from '#core/book.ts'
import type { Change, Fault, Json } from '#core/fault.ts'
import type { Channel, Draft } from '#core/journal.ts'
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
  readonly responseHeaders: Readonly<Record<string, string | string[] | number | undefined>>
  readonly response?: unknown
  readonly duration: number
  readonly clientAuth?: string | undefined
  readonly error?: string | undefined
}

/** Writes to the book, masked. */
export interface Recorder {
  exchange(flow: Flow | undefined, raw: RawExchange): void
  /** A fault was applied; secret values among the changes are masked like any other. */
  fault(flow: Flow | undefined, channel: Channel, fault: Fault, changes: readonly Change[]): void
  note(flow: Flow | undefined, draft: Draft): void
}

const KEPT_REQUEST = ['authorization', 'content-type', 'referer']
const KEPT_RESPONSE = ['location', 'content-type', 'www-authenticate']

export function createRecorder(book: Book, mask: Mask): Recorder {
  return {
    exchange(flow, raw) {
      book.append(flow?.id ?? '', {
        kind: 'exchange',
        channel: BACK_CHANNEL.has(raw.site) ? 'back-channel' : 'browser',
        site: raw.site,
        method: raw.method,
        url: mask.text(raw.url),
        params: mask.params(raw.params),
        requestHeaders: mask.headers(pick(raw.requestHeaders, KEPT_REQUEST)),
        status: raw.status,
        responseHeaders: { ...mask.headers(pick(raw.responseHeaders, KEPT_RESPONSE)), ...cookieNames(raw.responseHeaders['set-cookie']) },
        ...(raw.response === undefined ? {} : { response: mask.json(raw.response) }),
        duration: Math.round(raw.duration * 10) / 10,
        ...(raw.clientAuth ? { clientAuth: raw.clientAuth } : {}),
        ...(raw.error ? { error: raw.error } : {}),
      })
    },
    fault(flow, channel, fault, changes) {
      const masked = (path: string, value: Json | undefined) =>
        value === undefined ? undefined : ((mask.json({ [path]: value }) as Record<string, Json>)[path] as Json)
      book.append(flow?.id ?? '', {
        kind: 'fault-applied',
        channel,
        fault: fault.id,
        title: fault.title,
        site: fault.site,
        changes: changes.map(({ path, before, after }) => ({ path, before: masked(path, before), after: masked(path, after) })),
      })
    },
    note: (flow, draft) => void book.append(flow?.id ?? '', draft),
  }
}

/** The cookies that an answer sets: their names tell enough. */
function cookieNames(header: string | string[] | number | undefined): Record<string, string> {
  if (!Array.isArray(header) || header.length === 0) return {}
  return { 'set-cookie': header.map((cookie) => cookie.slice(0, cookie.indexOf('='))).join(', ') }
}

function pick<Value>(headers: Readonly<Record<string, Value | undefined>>, names: readonly string[]): Record<string, Value> {
  const kept: Record<string, Value> = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}
