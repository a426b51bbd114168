import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PosteConfiguration } from './configuration.ts'

/** What waits on the loopback for one answer (RFC 8252 §7.3, §8.3). */
export interface Listener {
  /** The address that the provider sends the browser back to. */
  readonly address: string
  /** The address as the browser came, once. */
  readonly answer: Promise<URL>
  /** Nothing is awaited any more; once the answer is there, the listener ends by itself. */
  giveUp(): void
}

const FIXED_PORT = 47_811
const PAGE = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Poste</title><link rel="icon" href="data:,"><p>Vous pouvez fermer cette page et revenir à l'application du poste.</p></html>`

/**
 * Listens on a free port of the loopback, only while an answer is awaited. The browser is led away from the address that holds the code, and
 * the port is closed as soon as that last page has left.
 */
export async function listenOnce({ has }: PosteConfiguration, path: string): Promise<Listener> {
  let arrived: (url: URL) => void = () => {}
  const answer = new Promise<URL>((resolve) => (arrived = resolve))
  let answered = false
  void answer.then(() => (answered = true))
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin())
    if (url.pathname === path) {
      arrived(url)
      // Should the browser not ask for the last page.
      setTimeout(close, 5000).unref()
      if (has('never-answers')) return
      if (!has('leaves-code-in-address')) return void response.writeHead(303, { location: '/fin', 'cache-control': 'no-store' }).end()
    } else if (url.pathname !== '/fin') return void response.writeHead(404).end()
    response.once('finish', close)
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    response.end(PAGE)
  })
  const origin = () => `http://${has('names-localhost') ? 'localhost' : '127.0.0.1'}:${(server.address() as AddressInfo).port}`
  const close = () => {
    if (!has('keeps-listening')) server.close()
  }
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(has('fixed-port') ? FIXED_PORT : 0, has('listens-everywhere') ? '0.0.0.0' : '127.0.0.1', done)
  })
  return { address: origin() + path, answer, giveUp: () => !answered && server.close() }
}
