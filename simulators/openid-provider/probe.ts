import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Certificates } from './certificates.ts'
import type { Flow } from './flows.ts'
import { type KeyRing, publicJwk } from './keys.ts'
import type { RawExchange } from './recorder.ts'
import { hostileJwk } from './symbols.ts'

/**
 * A host that nobody has any reason to call: hostile tokens and documents name it. Its first path segment is the flow. It serves the
 * hostile key to whoever asks, so that a product that follows such an address is let in, and writes every request down as `probe`.
 */
export function answerProbe(
  request: IncomingMessage,
  response: ServerResponse,
  { origin, keys, certificates }: { readonly origin: string; readonly keys: KeyRing; readonly certificates: Certificates },
): RawExchange {
  const url = new URL(request.url ?? '/', origin)
  const hostile = hostileJwk(keys)
  const healthy = publicJwk(keys.keys[0])
  const documents: Readonly<Record<string, unknown>> = {
    cles: { keys: [hostile] },
    'cles-saine-puis-hostile': { keys: [healthy, hostile] },
    'cles-hostile-puis-saine': { keys: [hostile, healthy] },
  }
  const [, , name = ''] = url.pathname.split('/')
  const document = documents[name]
  const status = document || name === 'certificat' ? 200 : 404
  const type = name === 'certificat' ? 'application/pem-certificate-chain' : 'application/json'
  const pem = `-----BEGIN CERTIFICATE-----\n${certificates.hostile}\n-----END CERTIFICATE-----\n`
  response.writeHead(status, { 'content-type': type }).end(name === 'certificat' ? pem : JSON.stringify(document ?? {}))
  return {
    site: 'probe',
    method: request.method ?? 'GET',
    url: url.origin + url.pathname,
    params: url.searchParams,
    requestHeaders: request.headers,
    status,
    responseHeader: (header) => (header === 'content-type' ? type : undefined),
    duration: 0,
  }
}

/** The flow that a request to the probe belongs to, by its path. */
export function flowOfProbe(url: string | undefined, flows: { get(id: string): Flow | undefined; alone(): Flow | undefined }): Flow | undefined {
  return flows.get((url ?? '').split('/')[1] ?? '') ?? flows.alone()
}
