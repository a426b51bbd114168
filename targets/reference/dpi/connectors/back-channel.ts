import type { RequestOptions } from 'node:https'
import { hasRepeatedMember } from '../../reading.ts'
import type { DpiConfiguration } from '../configuration.ts'
import { type Defects, NO_DEFECT } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { httpsFetch } from './https-fetch.ts'

/** How the DPI's server calls the provider. */
export interface Call {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
export type BackChannel = (url: string, call?: Partial<Call>) => Promise<Response>

/** Milliseconds that the provider may take, unless the configuration says otherwise. */
export const PATIENCE = 5000
const MOST_BYTES = 1_000_000

/**
 * Calls the provider: no redirect is followed, five seconds, one megabyte. Unreachable, too slow, or a 5xx is a Refusal `unavailable`.
 * Plain http is only spoken with the machine itself (trials without TLS).
 */
export function createBackChannel({ client, patience = PATIENCE }: DpiConfiguration, defects: Defects = NO_DEFECT): BackChannel {
  const tls = { ...client.certificate, ...carelessTls(defects) }
  const unzips = !defects.has('cannot-unzip')
  const send: typeof fetch = Object.keys(tls).length > 0 || !unzips ? httpsFetch(tls, unzips) : fetch
  return async (url, call = {}) => {
    if (!speaksSafely(url) && !defects.has('speaks-http')) throw new Refusal('untrusted', 'http')
    const headersOnly = defects.has('times-out-headers-only')
    const limit = new AbortController()
    const timer = defects.has('waits-for-ever') ? undefined : setTimeout(() => limit.abort(), defects.has('impatient') ? 300 : patience)
    try {
      const response = await send(url, { ...call, redirect: defects.has('follows-redirects') ? 'follow' : 'manual', signal: limit.signal })
      if (headersOnly) clearTimeout(timer)
      if (defects.has('shows-provider-page') && response.status >= 500) throw new Refusal('unavailable', 'page', new Error(await response.text()))
      if (response.status >= 500 && !defects.has('ignores-token-status') && !defects.has('ignores-userinfo-status'))
        throw new Refusal('unavailable', `http-${response.status}`)
      return await wholeResponse(response, defects)
    } catch (error) {
      if (error instanceof Refusal || defects.has('crashes-on-network-error')) throw error
      throw new Refusal('unavailable', limit.signal.aborted ? 'timeout' : 'network', error)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** What a careless connector tells its TLS library. */
function carelessTls(defects: Defects): RequestOptions {
  return {
    ...(defects.has('accepts-any-certificate') ? { rejectUnauthorized: false } : {}),
    ...(defects.has('accepts-other-name') ? { checkServerIdentity: () => undefined } : {}),
    ...(defects.has('accepts-old-tls') ? { minVersion: 'TLSv1' as const, ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  }
}

/** https, or http on the loopback. */
export function speaksSafely(url: string): boolean {
  return url.startsWith('https:') || isLoopback(url)
}

/** Plain http with the machine itself. */
export function isLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost')
}

/** Reads a JSON object, or refuses the answer. */
export async function readObject(response: Response, what: string, defects: Defects = NO_DEFECT): Promise<Record<string, unknown>> {
  const written = response.headers.get('content-type')?.split(';')[0]?.trim()
  const type = defects.has('content-type-exact') ? written : written?.toLowerCase()
  if (type !== 'application/json' && defects.has('crashes-on-odd-content')) throw new TypeError(`unexpected content: ${type}`)
  if (type !== 'application/json' && type !== 'application/jwk-set+json') throw new Refusal('untrusted', `${what}.content-type`)
  const value: unknown = await response.json().catch((error: unknown) => (defects.has('crashes-on-bad-json') ? Promise.reject(error) : undefined))
  if (defects.has('crashes-on-bad-json') && (value === null || Array.isArray(value))) throw new TypeError('not an object')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('untrusted', `${what}.json`)
  return value as Record<string, unknown>
}

async function wholeResponse(response: Response, defects: Defects): Promise<Response> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MOST_BYTES && !defects.has('reads-without-limit')) throw new Refusal('untrusted', 'too-large')
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString('utf8')
  const careless = defects.has('ignores-repeated-members') || defects.has('ignores-userinfo-sub')
  if (!careless && hasRepeatedMember(text)) throw new Refusal('untrusted', 'repeated-member')
  const empty = bytes === 0 || response.status === 204 || response.status === 304
  const headers = new Headers(response.headers)
  // Media types are compared without regard to case (RFC 9110 §8.3.1); not every library does.
  const type = headers.get('content-type')
  if (type !== null && !defects.has('content-type-exact')) headers.set('content-type', type.toLowerCase())
  return new Response(empty ? null : Buffer.concat(parts), { status: response.status, headers })
}
