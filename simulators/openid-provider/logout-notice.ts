import { randomUUID, sign } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Fault, OpSite, Resolve } from '#core/fault.ts'
import { bendIdToken } from './id-token-pipeline.ts'
import type { KeyRing } from './keys.ts'
import type { Bent } from './pipeline.ts'

/** The event that makes a JWT a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Milliseconds that a product may take to answer. */
const PATIENCE = 10_000

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** One session of a professional at the product, as the provider knows it. */
export interface ClientSession {
  readonly sid: string
  readonly sub: string
  /** As issued; what a careless product may take for a logout token. */
  readonly idToken: string
}

/** What the provider answered for: its own names and time, in seconds. */
export interface NoticeParts {
  readonly issuer: string
  readonly clientId: string
  readonly keys: KeyRing
  readonly secret: string
  readonly now: number
  readonly resolve: Resolve
}

/**
 * A logout token for one session (Back-Channel Logout 1.0 §2.4), bent as the faults of `logout_token.*` say: claims and header before
 * the signing stage, so that a bent claim is still correctly signed.
 */
export function logoutToken({ sid, sub }: ClientSession, faults: readonly Fault<OpSite>[], parts: NoticeParts): Bent<string> {
  const { issuer, clientId, keys, secret, now, resolve } = parts
  const [key] = keys.keys
  const claims = { iss: issuer, sub, aud: clientId, iat: now, exp: now + 120, jti: randomUUID(), sid, events: { [EVENT]: {} } }
  const input = `${encode({ alg: key.alg, typ: 'logout+jwt', kid: key.kid })}.${encode(claims)}`
  const honest = `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`
  const mine = faults.filter(({ site }) => site.startsWith('logout_token.'))
  // The stages are those of an ID token.
  const asIdToken = mine.map((fault) => ({ ...fault, site: fault.site.replace('logout_token', 'id_token') as OpSite }))
  const bent = bendIdToken(honest, asIdToken, keys, secret, resolve)
  return { ...bent, applied: bent.applied.map(({ fault, changes }) => ({ fault: mine[asIdToken.indexOf(fault)] ?? fault, changes })) }
}

/** An answer of the product to a notice of the provider. */
export interface NoticeAnswer {
  readonly status: number
  readonly header: (name: string) => string | string[] | undefined
}

/**
 * Posts a form to the product's server, whose name resolves as `hosts` says. Certificates are not judged here.
 * @throws Error when the product does not answer
 */
export function notify(
  target: URL,
  { method = 'POST', form, cookie }: { readonly method?: 'GET' | 'POST'; readonly form: Readonly<Record<string, string>>; readonly cookie?: string },
  hosts: Readonly<Record<string, string>>,
): Promise<NoticeAnswer> {
  const secure = target.protocol === 'https:'
  const body = new URLSearchParams(form).toString()
  return new Promise((done, fail) => {
    const request = (secure ? httpsRequest : httpRequest)(
      {
        host: hosts[target.hostname] ?? target.hostname,
        port: target.port || (secure ? 443 : 80),
        path: target.pathname + (method === 'GET' && body ? `?${body}` : target.search),
        method,
        timeout: PATIENCE,
        headers: {
          host: target.host,
          ...(cookie ? { cookie } : {}),
          ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } : {}),
        },
        ...(secure ? { rejectUnauthorized: false, servername: /^[\d.]+$/.test(target.hostname) ? '' : target.hostname } : {}),
      },
      (response) => {
        response.resume()
        response.on('end', () => done({ status: response.statusCode ?? 0, header: (name) => response.headers[name] }))
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer after ${PATIENCE / 1000} s`)))
    request.on('error', fail)
    request.end(method === 'POST' ? body : undefined)
  })
}
