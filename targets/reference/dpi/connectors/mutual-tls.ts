import { request } from 'node:https'

/**
 * `fetch` that presents a client certificate (RFC 8705 §2). The one built into Node cannot be given a certificate without a further package.
 */
export function mutualTlsFetch(certificate: { readonly cert: string; readonly key: string }): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        String(input),
        {
          ...certificate,
          method: init.method ?? 'GET',
          headers: init.headers as Record<string, string>,
          ...(init.signal ? { signal: init.signal } : {}),
        },
        async (incoming) => {
          const parts: Buffer[] = []
          try {
            for await (const part of incoming) parts.push(part)
          } catch (error) {
            return reject(error)
          }
          const status = incoming.statusCode ?? 500
          const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          )
          resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(parts), { status, headers }))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(init.body ?? undefined)
    })
}
