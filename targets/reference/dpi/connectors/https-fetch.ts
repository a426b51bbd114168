import { type RequestOptions, request } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/**
 * `fetch` with TLS options: a client certificate (RFC 8705 §2), or what a careless connector sets. The one built into Node cannot be
 * given any without a further package. No redirect is followed; `unzips`: a compressed body is read as what it holds.
 */
export function httpsFetch(options: RequestOptions, unzips = true): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        String(input),
        {
          ...options,
          method: init.method ?? 'GET',
          headers: init.headers as Record<string, string>,
          ...(init.signal ? { signal: init.signal } : {}),
        },
        (incoming) => {
          const status = incoming.statusCode ?? 500
          const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          )
          const empty = status === 204 || status === 304
          if (empty) incoming.resume()
          const body = unzips && incoming.headers['content-encoding'] === 'gzip' ? pipeline(incoming, createGunzip(), () => {}) : incoming
          resolve(new Response(empty ? null : (Readable.toWeb(body) as ReadableStream<Uint8Array>), { status, headers }))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(init.body ?? undefined)
    })
}
