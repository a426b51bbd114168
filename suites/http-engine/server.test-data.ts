import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a tiny product answers at one path. */
export type Route = (request: IncomingMessage & { readonly text: string }, response: ServerResponse) => void

/** A request as it arrived. */
export interface Seen {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly cookie: string
  readonly referer: string
  readonly origin: string
  readonly text: string
}

/** A tiny product on loopback, under whatever name the engine maps to it. */
export async function startServer(routes: Readonly<Record<string, Route>>) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { host = '', cookie = '', referer = '', origin = '' } = request.headers
    const path = request.url ?? '/'
    seen.push({ method: request.method ?? '', host, path, cookie, referer, origin: origin ?? '', text })
    const route = routes[path.split('?')[0] ?? '/']
    if (route) return route(Object.assign(request, { text }), response)
    response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Rien ici')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    seen,
    at: (name: string, path = '/') => `http://${name}:${port}${path}`,
    last: (path: string) => seen.findLast((request) => request.path.split('?')[0] === path),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** A page with this body. */
export function page(body: string, headers: Readonly<Record<string, string | string[]>> = {}): Route {
  return (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(`<!doctype html><title>t</title>${body}`)
}

export function redirect(location: string, headers: Readonly<Record<string, string>> = {}, status = 303): Route {
  return (_, response) => response.writeHead(status, { location, ...headers }).end()
}
