import { randomUUID, sign } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type Clock, seconds } from '#core/clock.ts'
import type { Fault, OpSite, Resolve } from '#core/fault.ts'
import type { Flow } from './flows.ts'
import { bendIdToken } from './id-token-pipeline.ts'
import type { KeyRing } from './keys.ts'
import type { Bent } from './pipeline.ts'
import type { ClientRegistration } from './profile.ts'
import type { Recorder } from './recorder.ts'

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
interface NoticeAnswer {
  readonly status: number
  readonly header: (name: string) => string | string[] | undefined
}

/**
 * Posts a form to the product's server, whose name resolves as `hosts` says. Certificates are not judged here.
 * @throws Error when the product does not answer
 */
function notify(
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

/** How the end of a session is reported. */
export interface LogoutOrder {
  /** Which session of the flow, from 0, oldest first; the last one unless told. */
  readonly session?: number
  /** The token that was sent last, once more. */
  readonly replay?: boolean
  readonly method?: 'GET'
  /** Not a logout token at all. */
  readonly form?: 'empty' | 'id-token'
  readonly cookie?: string
}

/** What a report needs of the provider around it. */
export interface ReportParts {
  readonly issuer: string
  readonly keys: KeyRing
  readonly recorder: Recorder
  readonly clock: Clock
  readonly clientOf: (flow: Flow | undefined) => ClientRegistration
  readonly resolveFor: (flow: Flow) => Resolve
  readonly hosts: Readonly<Record<string, string>>
}

/** Reports the end of a session of the flow to the product's server; nothing when there is no session, or nowhere to report it. */
export async function reportLogout(
  flow: Flow | undefined,
  { session, replay, method, form, cookie }: LogoutOrder,
  parts: ReportParts,
): Promise<void> {
  const { issuer, keys, recorder, clock, clientOf, resolveFor, hosts } = parts
  const known = flow?.sessions.at(session ?? -1)
  const own = clientOf(flow)
  if (!flow || !known || !own.backchannelLogoutUri) return
  const mint = { issuer, clientId: own.id, keys, secret: own.secret ?? '', now: seconds(clock), resolve: resolveFor(flow) }
  const bent = replay && flow.lastNotice ? { document: flow.lastNotice, applied: [] } : logoutToken(known, form ? [] : flow.faults, mint)
  flow.lastNotice = bent.document
  const fields: Record<string, string> = form === 'empty' ? {} : { logout_token: form === 'id-token' ? known.idToken : bent.document }
  for (const { fault, changes } of bent.applied) recorder.fault(flow, 'back-channel', fault, changes)
  const url = new URL(own.backchannelLogoutUri)
  const started = performance.now()
  try {
    const answer = await notify(url, { form: fields, ...(method ? { method } : {}), ...(cookie ? { cookie } : {}) }, hosts)
    for (const { fault } of bent.applied) recorder.note(flow, { kind: 'fault-delivered', channel: 'back-channel', fault: fault.id, to: 'target' })
    recorder.exchange(flow, {
      site: 'backchannel_logout',
      method: method ?? 'POST',
      url: url.origin + url.pathname,
      params: Object.entries(fields),
      requestHeaders: {},
      status: answer.status,
      responseHeader: answer.header,
      keep: ['cache-control'],
      duration: performance.now() - started,
    })
  } catch (cause) {
    const sentence = `Le produit n'a pas répondu à ${url.origin}${url.pathname} (${cause instanceof Error ? cause.message : String(cause)}).`
    recorder.note(flow, { kind: 'trouble', channel: 'back-channel', code: 'TARGET_SILENT', sentence })
  }
}
