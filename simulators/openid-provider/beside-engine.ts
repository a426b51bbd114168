import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, Json, OpSite, Resolve } from '#core/fault.ts'
import { leadsTo } from '#core/redirect.ts'
import { type Flow, type Flows, faultsOf } from './flows.ts'
import { type KeyRing, publicJwk } from './keys.ts'
import { forwarded, type Peer } from './peer.ts'
import { bendDocument } from './pipeline.ts'
import type { ClientRegistration, OpProfile } from './profile.ts'
import type { RawExchange, Recorder } from './recorder.ts'
import { carriedPage, framePage } from './wallet.ts'

/** Where nothing honest leads: who calls it has followed a faulty answer. */
export const TRAP_PATH = '/piege/'
/** Where the page stands that reports the end of sessions in frames. */
export const FRAME_PATH = '/fin-de-session'
/** Where the page stands that posts an answer which was held back (form_post). */
const CARRIED_PATH = '/reponse-portee'
const CARRIED_TO = 'hospicert-vers'

/** The address that brings an answer by form to the product, from whatever browser opens it; `answer` has the fields as its query. */
export function carriedAddress(origin: string, answer: URL): URL {
  const address = new URL(CARRIED_PATH, origin)
  address.search = answer.search
  address.searchParams.set(CARRIED_TO, answer.origin + answer.pathname)
  return address
}

/** What the answers that the engine does not give need of the provider around them. */
export interface BesideParts {
  readonly profile: OpProfile
  readonly issuer: string
  readonly walletOrigin: string
  readonly authOrigin: string
  readonly flows: Flows
  readonly recorder: Recorder
  readonly keys: KeyRing
  readonly common: { readonly faults: readonly Fault<OpSite>[] }
  readonly resolveFor: (flow: Flow) => Resolve
  readonly trapOf: (flow: Flow | undefined) => string
  readonly clientOf: (flow: Flow | undefined) => ClientRegistration
  /** The other provider, when there is one. */
  readonly peer: () => Peer | undefined
}

/** The answers that are not the engine's: discovery, keys that moved, detours, the trap, the page of frames. */
export interface BesideEngine {
  /** Answers when the path is one of these; false leaves the request to others. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, url: string): boolean
}

export function createBesideEngine(parts: BesideParts): BesideEngine {
  const { profile, issuer, walletOrigin, authOrigin, flows, recorder, keys, common, resolveFor, trapOf, clientOf, peer } = parts
  const wellKnown = `${profile.realmPath}/.well-known/`
  const jwksPath = `${profile.realmPath}${profile.paths.jwks}/`
  const keycloakAuthorization = `${profile.realmPath}/protocol/openid-connect/auth`

  type Told = Pick<RawExchange, 'site' | 'url'> & Partial<RawExchange> & { readonly location?: string | undefined }
  /** Writes down an answer of this file. */
  function tell(flow: Flow | undefined, request: IncomingMessage, { location, ...told }: Told): void {
    const responseHeader = (name: string) => (name === 'location' ? location : undefined)
    const { method = 'GET', headers: requestHeaders } = request
    recorder.exchange(flow, { method, requestHeaders, status: 200, params: [], duration: 0, responseHeader, ...told })
  }

  function discovery(request: IncomingMessage, response: ServerResponse, name: string): void {
    const started = performance.now()
    const member = (value: Json): Json =>
      JSON.parse(JSON.stringify(value).replaceAll('{issuer}', issuer).replaceAll('{wallet}', walletOrigin).replaceAll('{auth}', authOrigin))
    const honest = member(profile.discovery as Json) as Record<string, Json>
    // The standard document exists on a Keycloak, but does not know the wallet in front of it.
    if (!profile.wellKnown[name]) honest['authorization_endpoint'] = authOrigin + keycloakAuthorization
    const flow = flows.alone()
    const faults = [...common.faults, ...faultsOf(flow)]
    const bent = bendDocument(honest, 'discovery', faults, flow ? resolveFor(flow) : () => null)
    const answers = faults.flatMap((fault) =>
      fault.edits.flatMap((edit) => (edit.op === 'answer' && edit.on === 'discovery' ? [{ fault, edit }] : [])),
    )
    const { status = 200, headers = {} } = answers[0]?.edit ?? {}
    const location = headers['location']?.replace('{trap}', trapOf(flow))
    const applied = [...bent.applied, ...answers.map(({ fault }) => ({ fault, changes: [{ path: 'statut HTTP', before: 200, after: status }] }))]
    for (const { fault, changes } of applied) {
      recorder.fault(flow, 'back-channel', fault, changes)
      response.once('finish', () => recorder.note(flow, { kind: 'fault-delivered', channel: 'back-channel', fault: fault.id, to: 'target' }))
    }
    readableByClient(request, response)
    if (location) response.setHeader('location', location)
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache' }).end(JSON.stringify(bent.document))
    tell(flow, request, { site: 'discovery', url: authOrigin + request.url, status, location, duration: performance.now() - started })
  }

  /** A document that a page of the client may read (CORS). */
  function readableByClient({ headers: { origin = '' } }: IncomingMessage, response: ServerResponse): void {
    if (clientOf(undefined).origins?.includes(origin)) response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'Origin')
  }

  /** The keys at an address that only this flow's discovery document knows, with one more: that of a rotation. */
  function movedKeys(request: IncomingMessage, response: ServerResponse, flow: Flow): void {
    const body = { keys: [...keys.keys.map(publicJwk), resolveFor(flow)({ ref: 'next-jwk' })] }
    readableByClient(request, response)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    tell(flow, request, { site: 'jwks', url: authOrigin + request.url, response: body })
  }

  function sendOn(request: IncomingMessage, response: ServerResponse, url: string, params: URLSearchParams, location: string): void {
    response.writeHead(302, { location }).end()
    tell(flows.ofCookie(request.headers.cookie), request, { site: 'authorization', url, params, status: 302, location })
  }

  /** Answers nothing of use, and writes down who came and what they brought. */
  function trap(request: IncomingMessage, response: ServerResponse, flow: Flow | undefined): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    tell(flow, request, { site: 'trap', url: walletOrigin + request.url })
  }

  /** The flow's fault sends the browser on to the other provider. */
  function forward(request: IncomingMessage, response: ServerResponse, query: string): boolean {
    const flow = flows.ofCookie(request.headers.cookie)
    const fault = flow?.faults.find(({ site }) => site === 'authorization.request')
    const other = peer()
    const params = new URLSearchParams(query)
    if (!flow || !fault || !other || !params.has('client_id')) return false
    recorder.fault(flow, 'browser', fault, [
      { path: 'redirection', before: 'page de connexion du second fournisseur', after: other.authorizationEndpoint },
    ])
    response.once('finish', () => recorder.note(flow, { kind: 'fault-delivered', channel: 'browser', fault: fault.id, to: 'browser' }))
    sendOn(request, response, walletOrigin + profile.authorizationPath, params, forwarded(params, other))
    return true
  }

  /**
   * The page that closes sessions elsewhere: it loads the product's logout address in a frame (Front-Channel Logout 1.0 §2), for the last
   * session of the flow. `iss` and `sid` may be another's or none.
   */
  function frame(request: IncomingMessage, response: ServerResponse, url: string): void {
    const flow = flows.ofCookie(request.headers.cookie)
    const asked = new URL(url, walletOrigin).searchParams
    const address = new URL(clientOf(flow).frontchannelLogoutUri ?? walletOrigin)
    const named = {
      iss: { other: issuer.replace('://auth.', '://auth-autre.'), own: issuer },
      sid: { other: randomUUID(), own: flow?.sessions.at(-1)?.sid ?? '' },
    }
    for (const name of ['iss', 'sid'] as const) {
      const which = asked.get(name)
      if (which !== 'none') address.searchParams.set(name, named[name][which === 'other' ? 'other' : 'own'])
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(framePage(address.href))
    tell(flow, request, { site: 'frontchannel_logout', url: walletOrigin + FRAME_PATH, params: address.searchParams })
  }

  /** A page of somebody who means harm: it posts an answer of another browser, to the product and nowhere else. */
  function carry(request: IncomingMessage, response: ServerResponse, url: string): void {
    const fields = new URL(url, walletOrigin).searchParams
    const to = fields.get(CARRIED_TO) ?? ''
    fields.delete(CARRIED_TO)
    const known = clientOf(flows.ofCookie(request.headers.cookie)).redirectUris.some((uri) => leadsTo(to, uri))
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(known ? carriedPage(to, fields) : '')
  }

  return {
    handle(request, response, path, url) {
      const query = url.slice(path.length)
      const moved = path.startsWith(jwksPath) ? flows.get(path.slice(jwksPath.length)) : undefined
      if (path === profile.authorizationPath) return forward(request, response, query)
      if (path.startsWith(wellKnown) && path.slice(wellKnown.length) in profile.wellKnown) discovery(request, response, path.slice(wellKnown.length))
      else if (path === FRAME_PATH) frame(request, response, url)
      else if (path === CARRIED_PATH) carry(request, response, url)
      else if (path.startsWith(TRAP_PATH)) trap(request, response, flows.get(path.slice(TRAP_PATH.length)))
      else if (moved) movedKeys(request, response, moved)
      // A client that derived the authorization endpoint from the issuer is sent on, and written down.
      else if (path === keycloakAuthorization)
        sendOn(
          request,
          response,
          authOrigin + keycloakAuthorization,
          new URLSearchParams(query),
          `${walletOrigin}${profile.authorizationPath}${query}`,
        )
      else return false
      return true
    },
  }
}
