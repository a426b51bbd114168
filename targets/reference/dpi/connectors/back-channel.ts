import type { DpiConfiguration } from '../configuration.ts'
import { Refusal } from '../refusal.ts'
import { mutualTlsFetch } from './mutual-tls.ts'

/** How the DPI's server calls the provider. */
export interface Call {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
export type BackChannel = (url: string, call?: Partial<Call>) => Promise<Response>

/** Seconds that the provider may take. */
export const PATIENCE = 5
const MOST_BYTES = 1_000_000

/**
 * Calls the provider: no redirect is followed, five seconds, one megabyte. Unreachable, too slow, or a 5xx is a Refusal `unavailable`.
 * Plain http is only spoken with the machine itself (trials without TLS).
 */
export function createBackChannel({ client }: DpiConfiguration): BackChannel {
  const send: typeof fetch = client.certificate ? mutualTlsFetch(client.certificate) : fetch
  return async (url, call = {}) => {
    if (!speaksSafely(url)) throw new Refusal('untrusted', 'http')
    try {
      const response = await send(url, { ...call, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE * 1000) })
      if (response.status >= 500) throw new Refusal('unavailable', `http-${response.status}`)
      return await wholeResponse(response)
    } catch (error) {
      if (error instanceof Refusal) throw error
      throw new Refusal('unavailable', error instanceof DOMException ? 'timeout' : 'network', error)
    }
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
export async function readObject(response: Response, what: string): Promise<Record<string, unknown>> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim()
  if (type !== 'application/json' && type !== 'application/jwk-set+json') throw new Refusal('untrusted', `${what}.content-type`)
  const value: unknown = await response.json().catch(() => undefined)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('untrusted', `${what}.json`)
  return value as Record<string, unknown>
}

async function wholeResponse(response: Response): Promise<Response> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MOST_BYTES) throw new Refusal('untrusted', 'too-large')
    parts.push(part)
  }
  const empty = bytes === 0 || response.status === 204 || response.status === 304
  return new Response(empty ? null : Buffer.concat(parts), { status: response.status, headers: response.headers })
}
