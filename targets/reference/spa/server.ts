import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { policyOf, readAsset, SHELL } from './assets.ts'
import type { SpaConfiguration } from './configuration.ts'
import { parseSpaDefects, type SpaDefect } from './defects.ts'

/** The paths that all show the one page. */
const PAGES = ['/', '/connexion', '/retour', '/deconnecte']
const DEFECT_COOKIE = /(?:^|;\s*)spa_defects=([^;]+)/

/** A static server: the page, its modules, its configuration, and the question whether somebody has an account. */
export async function startSpa(configuration: SpaConfiguration): Promise<{ readonly close: () => Promise<void> }> {
  const { baseUrl, tls } = configuration
  const answer = (request: IncomingMessage, response: ServerResponse) => handle(configuration, request, response)
  const server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer)
  const port = Number(baseUrl.port) || (baseUrl.protocol === 'https:' ? 443 : 80)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function handle(configuration: SpaConfiguration, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', configuration.baseUrl)
  const send = (status: number, type: string, body: string, cache = 'no-store') =>
    response
      .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': cache, 'x-content-type-options': 'nosniff' })
      .end(request.method === 'HEAD' ? undefined : body)
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, 'text/plain', 'Seulement GET.\n')
  if (pathname === '/sante') return void send(200, 'text/plain', 'ok\n')
  if (PAGES.includes(pathname)) {
    response.setHeader('content-security-policy', policyOf(new URL(configuration.page.issuer).origin))
    response.setHeader('referrer-policy', 'no-referrer')
    // A window that opened this one keeps no hold on it.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    return void send(200, 'text/html', SHELL)
  }
  if (pathname === '/configuration.json') {
    return void send(200, 'application/json', JSON.stringify({ ...configuration.page, defects: defectsOf(configuration, request) }))
  }
  if (pathname === '/compte') {
    const known = configuration.people.some(({ idNat, known, active = true }) => known && active && idNat === searchParams.get('identifiant'))
    return void send(200, 'application/json', JSON.stringify({ known }))
  }
  const asset = readAsset(pathname)
  if (!asset) return void send(404, 'text/plain', "Cette page n'existe pas.\n")
  send(200, asset.type, asset.text, 'max-age=3600')
}

function defectsOf({ defects }: SpaConfiguration, { headers }: IncomingMessage): readonly SpaDefect[] {
  if (defects !== 'by-cookie') return defects
  return parseSpaDefects(decodeURIComponent(DEFECT_COOKIE.exec(headers.cookie ?? '')?.[1] ?? ''))
}
