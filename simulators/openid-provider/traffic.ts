import type { Next } from 'koa'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { HarnessError } from '#core/errors.ts'
import type { Fault, Json, OpSite, Resolve } from '#core/fault.ts'
import type { Flow, Flows } from './flows.ts'
import type { KeyRing } from './keys.ts'
import { type Bent, bendDocument, bendIdToken } from './pipeline.ts'
import type { Recorder } from './recorder.ts'
import { BACK_CHANNEL, ENDPOINT_OF_SITE, siteOfRoute } from './sites.ts'

/** What the middleware needs of the provider around it. */
export interface Traffic {
  readonly flows: Flows
  readonly recorder: Recorder
  readonly keys: KeyRing
  readonly secretOf: (clientId: string | undefined) => string
  readonly resolveFor: (flow: Flow) => Resolve
  /** Faults of the whole simulator (`exclusive: 'simulator'`), on top of the flow's. */
  readonly common: { faults: readonly Fault<OpSite>[] }
}

type Applied = Bent<unknown>['applied'][number]

/**
 * Between the wire and the engine: finds the flow, bends the answer as the flow's faults say, records both. One place for all
 * endpoints, after the engine did its honest work.
 */
export function watch(provider: Provider, traffic: Traffic): void {
  provider.use(async (context, next: Next) => {
    const ctx = context as unknown as KoaContextWithOIDC
    const started = performance.now()
    await next()
    // A browser asking whether it may ask: no exchange of the protocol.
    if (ctx.method === 'OPTIONS') return
    const site = siteOfRoute(ctx.oidc?.route)
    const flow = flowOf(ctx, site, traffic.flows)
    const faults = [...traffic.common.faults, ...(flow?.faults ?? [])].filter((fault) => concerns(fault, site))
    const applied = faults.length > 0 ? tryToBend(ctx, site, flow, faults, traffic) : []
    for (const { fault, changes } of applied) {
      const channel = BACK_CHANNEL.has(site) ? 'back-channel' : 'browser'
      traffic.recorder.fault(flow, channel, fault, changes)
      ctx.res.once('finish', () =>
        traffic.recorder.note(flow, { kind: 'fault-delivered', channel, fault: fault.id, to: channel === 'browser' ? 'browser' : 'target' }),
      )
    }
    record(ctx, site, flow, started, traffic)
  })
}

/** A fault that has nothing to bend in this product's exchange leaves the answer honest, and says so in the journal. */
function tryToBend(...[ctx, site, flow, faults, traffic]: Parameters<typeof bend>): Applied[] {
  try {
    return bend(ctx, site, flow, faults, traffic)
  } catch (error) {
    const code = error instanceof HarnessError ? error.code : 'SIMULATOR'
    traffic.recorder.note(flow, { kind: 'trouble', channel: 'bench', code, sentence: error instanceof Error ? error.message : String(error) })
    return []
  }
}

function concerns(fault: Fault<OpSite>, site: string): boolean {
  if (fault.site !== 'http') return ENDPOINT_OF_SITE[fault.site] === site
  return fault.edits.some((edit) => edit.op === 'answer' && (edit.on === undefined ? BACK_CHANNEL.has(site) : edit.on === site))
}

function flowOf(ctx: KoaContextWithOIDC, site: string, flows: Flows): Flow | undefined {
  const cookie = flows.ofCookie(ctx.headers.cookie)
  if (cookie) return cookie
  const { params, entities } = ctx.oidc ?? {}
  const bearer = /^Bearer (.+)$/i.exec(ctx.get('authorization'))?.[1]
  const handle = [params?.['code'], params?.['refresh_token'], params?.['token'], params?.['auth_req_id'], params?.['access_token'], bearer]
  const found = handle.map((value) => (typeof value === 'string' ? flows.ofHandle(value) : undefined)).find(Boolean)
  return found ?? (site === 'ciba' ? flows.ofHandle(`ciba:${entities?.Account?.accountId ?? ''}`) : undefined) ?? flows.alone()
}

function bend(ctx: KoaContextWithOIDC, site: string, flow: Flow | undefined, faults: readonly Fault<OpSite>[], traffic: Traffic): Applied[] {
  const applied: Applied[] = []
  for (const fault of faults) {
    for (const edit of fault.edits) {
      if (edit.op !== 'answer') continue
      applied.push({ fault, changes: [{ path: 'statut HTTP', before: ctx.status, after: edit.status }] })
      ctx.status = edit.status
      ctx.body = edit.body ?? ''
      if (edit.body?.startsWith('{')) ctx.type = 'json'
    }
  }
  if (applied.length > 0 || !flow) return applied
  const resolve = traffic.resolveFor(flow)
  if (site === 'token' && isDocument(ctx.body) && typeof ctx.body['id_token'] === 'string') {
    const token = bendIdToken(ctx.body['id_token'], faults, traffic.keys, traffic.secretOf(ctx.oidc.client?.clientId), resolve)
    ctx.body['id_token'] = token.document
    const response = bendDocument(ctx.body as Json, 'token.response', faults, resolve)
    ctx.body = response.document
    applied.push(...token.applied, ...response.applied)
  } else if (site === 'jwks' && isDocument(ctx.body)) {
    const keys = bendDocument(ctx.body as Json, 'jwks', faults, resolve)
    ctx.body = keys.document
    applied.push(...keys.applied)
  } else if ((site === 'userinfo' || site === 'ciba') && isDocument(ctx.body) && ctx.status === 200) {
    const body = bendDocument(ctx.body as Json, site, faults, resolve)
    ctx.body = body.document
    applied.push(...body.applied)
  } else if ((site === 'authorization' || site === 'end_session') && hasReturned(ctx)) {
    const url = new URL(locationOf(ctx))
    const params = Object.fromEntries(url.searchParams) as Record<string, Json>
    const bent = bendDocument(params, site === 'authorization' ? 'authorization.response' : 'logout', faults, resolve)
    url.search = new URLSearchParams(bent.document as Record<string, string>).toString()
    if (bent.applied.length > 0) ctx.set('location', url.href)
    applied.push(...bent.applied)
    const held = faults.find((fault) => fault.site === 'authorization.response' && fault.edits.some(({ op }) => op === 'drop'))
    if (held) {
      traffic.flows.bind(url.searchParams.get('code') ?? undefined, flow)
      applied.push(hold(ctx, held, url))
    }
  }
  return applied
}

/** Keeps the answer as a link on a page of the provider. */
function hold(ctx: KoaContextWithOIDC, fault: Fault<OpSite>, url: URL): Applied {
  ctx.remove('location')
  ctx.status = 200
  ctx.type = 'html'
  ctx.body = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Réponse retenue</title><p><a id="reponse" href="${url.href.replaceAll('&', '&amp;')}">Réponse retenue</a></p></html>`
  return { fault, changes: [{ path: 'redirection', before: 'vers le produit, dans ce navigateur', after: 'retenue' }] }
}

/** Is this answer the redirect back to the product, and not a hop inside the provider? */
function hasReturned(ctx: KoaContextWithOIDC): boolean {
  const location = locationOf(ctx)
  if (!location || ctx.status < 300 || ctx.status > 399) return false
  const { client } = ctx.oidc
  return [...(client?.redirectUris ?? []), ...(client?.postLogoutRedirectUris ?? [])].some((uri) => location.startsWith(uri))
}

function locationOf(ctx: KoaContextWithOIDC): string {
  return String(ctx.res.getHeader('location') ?? '')
}

function isDocument(body: unknown): body is Record<string, Json> {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
}

function record(ctx: KoaContextWithOIDC, site: string, flow: Flow | undefined, started: number, { flows, recorder }: Traffic): void {
  const { oidc } = ctx
  const body = isDocument(ctx.body) ? ctx.body : undefined
  if (site === 'authorization') {
    if (flow && ctx.query['nonce']) flow.nonces.push(String(ctx.query['nonce']))
    if (hasReturned(ctx)) flows.bind(new URL(locationOf(ctx)).searchParams.get('code') ?? undefined, flow)
  } else if (site === 'token' && body) {
    for (const name of ['access_token', 'refresh_token']) if (typeof body[name] === 'string') flows.bind(body[name], flow)
    const nonce = oidc.entities?.AuthorizationCode?.nonce
    if (flow && nonce) flows.completed(flow, nonce)
  } else if (site === 'ciba' && typeof body?.['auth_req_id'] === 'string') flows.bind(body['auth_req_id'], flow)
  const credential = ctx.get('authorization').startsWith('Basic ') ? 'client_secret_basic' : undefined
  const form = oidc?.body as Record<string, unknown> | undefined
  const posted = form?.['client_assertion'] ? 'private_key_jwt' : form?.['client_secret'] ? 'client_secret_post' : undefined
  const location = locationOf(ctx)
  recorder.exchange(flow, {
    site,
    method: ctx.method,
    url: `https://${ctx.host}${ctx.path}`,
    params: params(ctx.query, form),
    requestHeaders: ctx.headers,
    status: ctx.status,
    // Asked one by one: a copy of all of them costs more than the five that are kept.
    responseHeader: (name) => ctx.res.getHeader(name),
    response: body,
    duration: performance.now() - started,
    clientAuth: site === 'token' ? (credential ?? posted ?? oidc?.client?.clientAuthMethod) : undefined,
    error: typeof body?.['error'] === 'string' ? body['error'] : errorIn(location),
  })
  if (site === 'end_session' && oidc?.route === 'end_session_confirm') {
    recorder.note(flow, { kind: 'provider-event', channel: 'browser', event: 'session-ended' })
  }
}

function* params(...sources: readonly (Readonly<Record<string, unknown>> | undefined)[]): Iterable<readonly [string, string]> {
  for (const source of sources) for (const name in source) yield [name, String(source[name])]
}

function errorIn(location: string): string | undefined {
  return location.includes('error=') ? (new URL(location, 'https://x').searchParams.get('error') ?? undefined) : undefined
}
