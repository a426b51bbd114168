import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { checkServerIdentity, rootCertificates, type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Reach } from './evidence.ts'

const PATIENCE = 4000

/**
 * Goes to the product as the professional's browser would, one step after the other: name, port, TLS, page, clock.
 * @param hosts names that resolve to a given address, whatever the machine says
 * @param authority PEM of the local authority, to be trusted beside the public ones
 */
export async function reach(baseUrl: string, path: string, hosts: Readonly<Record<string, string>>, authority: string): Promise<Reach> {
  const url = new URL(path, baseUrl)
  const secure = url.protocol === 'https:'
  const common = { url: url.href, hostname: url.hostname, port: Number(url.port) || (secure ? 443 : 80) }
  const address = hosts[url.hostname] ?? (await resolved(url.hostname))
  if (address === undefined) return { ...common, connection: 'unresolved' }
  const connection = await opened(address, common.port)
  if (connection !== 'open') return { ...common, connection }
  const tls = secure ? await handshake(address, common.port, url.hostname, authority) : undefined
  const answer = tls?.failed ? undefined : await answered(url, address)
  return { ...common, connection, ...(tls ? { tls } : {}), ...answer }
}

async function resolved(name: string): Promise<string | undefined> {
  const slow = new Promise<undefined>((done) => setTimeout(done, PATIENCE))
  const found = lookup(name, { family: 4 })
    .catch(() => lookup(name))
    .then(({ address }) => address)
  return Promise.race([found.catch(() => undefined), slow])
}

function opened(host: string, port: number): Promise<Reach['connection']> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: PATIENCE })
    const end = (how: Reach['connection']) => {
      socket.destroy()
      done(how)
    }
    socket.on('connect', () => end('open'))
    socket.on('timeout', () => end('silent'))
    socket.on('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED' ? 'refused' : 'silent'))
  })
}

function handshake(host: string, port: number, name: string, authority: string): Promise<NonNullable<Reach['tls']>> {
  const numeric = /^[\d.]+$/.test(name)
  return new Promise((done) => {
    const ca = [...rootCertificates, authority]
    const socket: TLSSocket = tlsConnect({ host, port, ca, rejectUnauthorized: false, timeout: PATIENCE, ...(numeric ? {} : { servername: name }) })
    const failed = (code: string) => {
      socket.destroy()
      done({ failed: code })
    }
    socket.on('timeout', () => failed('silence'))
    socket.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message))
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerCertificate()
      const names = (certificate.subjectaltname ?? '').split(', ').map((entry) => entry.replace(/^(DNS|IP Address):/, ''))
      const { authorized, authorizationError } = socket
      const untrusted = String(authorizationError ?? '')
      const expired = Date.parse(certificate.valid_to) < Date.now()
      socket.destroy()
      done({
        matchesName: checkServerIdentity(name, certificate) === undefined,
        names: names.filter(Boolean),
        notAfter: new Date(certificate.valid_to).toISOString().slice(0, 10).split('-').reverse().join('/'),
        expired,
        // Of several faults OpenSSL tells the last one: the name is compared above, and a passed date is told by itself.
        ...(authorized || expired || /ALTNAME/.test(untrusted) ? {} : { untrusted }),
      })
    })
  })
}

function answered(url: URL, address: string): Promise<Pick<Reach, 'status' | 'skew'> | undefined> {
  const secure = url.protocol === 'https:'
  return new Promise((done) => {
    const sent = Date.now()
    const request = (secure ? httpsRequest : httpRequest)(
      {
        host: address,
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        headers: { host: url.host },
        timeout: PATIENCE,
        agent: false,
        ...(secure ? { rejectUnauthorized: false, servername: /^[\d.]+$/.test(url.hostname) ? '' : url.hostname } : {}),
      },
      (response) => {
        response.resume()
        const skew = skewOf(response.headers, sent, Date.now())
        done({ status: response.statusCode ?? 0, ...(skew === undefined ? {} : { skew }) })
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => done(undefined))
    request.end()
  })
}

/** The header has whole seconds, and was written at some time between our question and the answer: what lies within is no difference. */
function skewOf({ date }: IncomingHttpHeaders, asked: number, answered: number): number | undefined {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return undefined
  return theirs > answered ? theirs - answered : theirs + 1000 < asked ? theirs + 1000 - asked : 0
}
