import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The most bytes of a document that are read; a browser would go on, a scene need not. */
const MOST_BYTES = 2_000_000

/** One request; a redirect is another one. */
export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
}

/** The head of an answer, and how to read or drop the rest. */
export interface Answer {
  readonly status: number
  /** Lower-case names; several values joined by a comma, `set-cookie` left out. */
  readonly headers: Readonly<Record<string, string>>
  readonly setCookies: readonly string[]
  /** The decoded body, cut at two megabytes. */
  read(): Promise<Buffer>
  drop(): void
}

/** Told what one thing cost: waiting for an answer of a host, or reading its page (milliseconds). */
export type Meter = (what: 'wire' | 'page', host: string, milliseconds: number) => void

/** What puts requests on the wire: kept connections, names resolved as the run says, certificates not judged (as in the browser). */
export interface Wire {
  send(call: Call): Promise<Answer>
  readonly meter?: Meter | undefined
  close(): void
}

/** @param hosts name → address, as Chromium's resolver rules have it; a name may begin with `*.` */
export function createWire(hosts: Readonly<Record<string, string>>, meter?: Meter): Wire {
  const settings = { keepAlive: true, keepAliveMsecs: 1000, scheduling: 'lifo' as const, maxSockets: 64 }
  const agents = { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent({ ...settings, rejectUnauthorized: false }) }
  const wild = Object.entries(hosts).filter(([name]) => name.startsWith('*.'))
  const addressOf = (name: string) => hosts[name] ?? wild.find(([pattern]) => name.endsWith(pattern.slice(1)))?.[1] ?? name.replace(/^\[|\]$/g, '')

  function once({ method, url, headers, body, signal }: Call): Promise<Answer> {
    const secure = url.protocol === 'https:'
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)({
        host: addressOf(url.hostname),
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        method,
        headers: { host: url.host, ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
        agent: agents[url.protocol as 'https:'],
        ...(secure && isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
      })
      // Not the option of the same name: that one makes an error even of what is long over.
      const abort = () => void request.destroy()
      signal.addEventListener('abort', abort, { once: true })
      request.on('close', () => signal.removeEventListener('abort', abort))
      request.on('response', (response) => resolve(answerOf(response)))
      request.on('error', (error: NodeJS.ErrnoException) => reject(Object.assign(error, { reused: request.reusedSocket })))
      request.end(body)
    })
  }

  return {
    meter,
    async send(call) {
      const started = performance.now()
      try {
        const answer = await once(call)
        meter?.('wire', call.url.hostname, performance.now() - started)
        return answer
      } catch (error) {
        // A kept connection that the server had just closed: what browsers do then, too.
        const { code, reused } = error as NodeJS.ErrnoException & { reused?: boolean }
        if (!reused || call.signal.aborted || !['ECONNRESET', 'EPIPE'].includes(code ?? '')) throw error
        return once(call)
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

function answerOf(response: IncomingMessage): Answer {
  const { 'set-cookie': setCookies = [], ...rest } = response.headers
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  response.on('error', () => {})
  return {
    status: response.statusCode ?? 0,
    headers,
    setCookies,
    async read() {
      const parts: Buffer[] = []
      let bytes = 0
      const decoder = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
        headers['content-encoding'] ?? ''
      ]
      const stream = decoder ? response.pipe(decoder()) : response
      if (decoder) response.once('error', (error) => stream.destroy(error))
      for await (const part of stream) {
        parts.push(part as Buffer)
        bytes += (part as Buffer).length
        if (bytes > MOST_BYTES) break
      }
      if (bytes > MOST_BYTES) response.destroy()
      return Buffer.concat(parts)
    },
    drop() {
      // Small bodies are read so that the connection can be kept; a body that does not end is cut.
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > 65_536) response.destroy()
      })
    },
  }
}
