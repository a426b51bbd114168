import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cast, Turn } from './cast.ts'

/** The verbs that a worker may call, and nothing else. */
export const VERBS = [
  'openFlow',
  'append',
  'read',
  'closeFlow',
  'setLogin',
  'expireAccessTokens',
  'bendTransport',
  'setCommonFaults',
  'answerPhone',
  'reportLogout',
  'setClocks',
  'claimControl',
  'settleControl',
  'ready',
] as const
export type Verb = (typeof VERBS)[number]

/** Serves a cast to Playwright's workers on loopback, behind a key of this run. */
export async function serveCast(cast: Cast): Promise<{ url: string; close(): Promise<void> }> {
  const key = randomBytes(16).toString('hex')
  const turns = new Map<string, Turn>()
  const server = createServer(async (request, response) => {
    const [, given, verb = ''] = (request.url ?? '').split('/')
    if (given !== key) return void response.writeHead(403).end()
    let text = ''
    for await (const chunk of request) text += chunk
    const args = text === '' ? [] : (JSON.parse(text) as unknown[])
    let result: unknown
    if (verb === 'facts') result = cast.facts
    else if (verb === 'takeTurn') {
      const turn = await cast.takeTurn(args[0] as string, (args[1] ?? undefined) as never)
      const id = randomBytes(8).toString('hex')
      turns.set(id, turn)
      // A worker that dies while it waits or runs must not hold the others up.
      if (response.destroyed) await turn.release()
      result = id
    } else if (verb === 'releaseTurn') {
      await turns.get(String(args[0]))?.release()
      turns.delete(String(args[0]))
    } else if ((VERBS as readonly string[]).includes(verb)) {
      result = await (cast[verb as Verb] as (...args: unknown[]) => Promise<unknown>)(...args)
    } else return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null))
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${key}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
