import type { Next } from 'koa'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { HarnessError } from '#core/errors.ts'
import type { Fault, Json, OpSite, Resolve } from '#core/fault.ts'
import type { Draft } from '#core/journal.ts'
import { carriedAddress } from './beside-engine.ts'
import { type Flow, type Flows, faultsOf } from './flows.ts'
import { bendIdToken } from './id-token-pipeline.ts'
import type { KeyRing } from './keys.ts'
import { CIBA_GRANT, type Phones } from './phone.ts'
import { type Bent, bendDocument, repeatMembers, repeatParameters } from './pipeline.ts'
import type { Recorder } from './recorder.ts'
import { returnedBy } from './returned.ts'
import { BACK_CHANNEL, ENDPOINT_OF_SITE, siteOfRoute } from './sites.ts'
import { signUserinfo } from './userinfo-token.ts'
import { escapeHtml } from './wallet.ts'
import { bendAnswer, deliver, isTransport } from './wire-faults.ts'

/** Members of the token request and answer that a browser of a product with a server has no business with. */
const SECRETS: Readonly<Record<string, string>> = {
  code: 'le code',
  code_verifier: 'le vérificateur PKCE',
  access_token: "le jeton d'accès",
  refresh_token: 'le jeton de rafraîchissement',
  id_token: "le jeton d'identité",
}

/** What the middleware needs of the provider around it. */
export interface Traffic {
  readonly flows: Flows
  readonly recorder: Recorder
  readonly keys: KeyRing
  readonly secretOf: (clientId: string | undefined) => string
  readonly resolveFor: (flow: Flow) => Resolve
  readonly phones: Phones
  /** Seconds between two polls (CIBA), unless the flow says otherwise. */
  readonly interval: number
  /** The flow of what another provider issued. */
  readonly elsewhere: (handle: string) => Flow | undefined
  /** Faults of the whole simulator (`exclusive: 'simulator'`), on top of the flow's. */
  readonly common: { faults: readonly Fault<OpSite>[] }
  /** An address on another host that only listens. */
  readonly trapOf: (flow: Flow | undefined) => string
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
    const flow = flowOf(ctx, site, traffic)
    if (site === 'ciba' && ctx.status === 200 && isDocument(ctx.body)) ctx.body = { ...ctx.body, interval: flow?.phone?.interval ?? traffic.interval }
    const polling = site === 'token' && ctx.oidc?.params?.['grant_type'] === CIBA_GRANT
    const poll = polling ? await traffic.phones.polled(ctx.oidc.params?.['auth_req_id']) : 0
    const faults = [...traffic.common.faults, ...faultsOf(flow)].filter((fault) => concerns(fault, site, ctx, poll))
    const honest = ctx.body
    const applied = faults.length > 0 ? tryToBend(ctx, site, flow, faults, traffic) : []
    const channel = BACK_CHANNEL.has(site) ? 'back-channel' : 'browser'
    for (const { fault, changes } of applied) traffic.recorder.fault(flow, channel, fault, changes)
    record(ctx, site, flow, started, honest, traffic)
    const transport = applied.flatMap(({ fault }) => fault.edits.filter(isTransport))
    const note = (draft: Draft) => traffic.recorder.note(flow, draft)
    let told = false
    const delivered = () => {
      if (told) return
      told = true
      for (const { fault } of applied) note({ kind: 'fault-delivered', channel, fault: fault.id, to: channel === 'browser' ? 'browser' : 'target' })
    }
    if (applied.length > 0) ctx.res.once('finish', delivered)
    if (transport.length > 0) await deliver(ctx, transport, { site, held: flow?.held, note, delivered })
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

function concerns(fault: Fault<OpSite>, site: string, ctx: KoaContextWithOIDC, poll: number): boolean {
  if (fault.poll !== undefined && fault.poll !== poll) return false
  if (fault.grant && site === 'token' && ctx.oidc?.params?.['grant_type'] !== fault.grant) return false
  if (fault.site !== 'http') return ENDPOINT_OF_SITE[fault.site] === site
  return fault.edits.some((edit) => isTransport(edit) && (edit.on === undefined ? BACK_CHANNEL.has(site) : edit.on === site))
}

function flowOf(ctx: KoaContextWithOIDC, site: string, { flows, elsewhere }: Traffic): Flow | undefined {
  const cookie = flows.ofCookie(ctx.headers.cookie)
  if (cookie) return cookie
  const { params, entities } = ctx.oidc ?? {}
  const bearer = /^Bearer (.+)$/i.exec(ctx.get('authorization'))?.[1]
  const handle = [params?.['code'], params?.['refresh_token'], params?.['token'], params?.['auth_req_id'], params?.['access_token'], bearer]
  const found = handle.map((value) => (typeof value === 'string' ? (flows.ofHandle(value) ?? elsewhere(value)) : undefined)).find(Boolean)
  return found ?? (site === 'ciba' ? flows.ofHandle(`ciba:${entities?.Account?.accountId ?? ''}`) : undefined) ?? flows.alone()
}

function bend(ctx: KoaContextWithOIDC, site: string, flow: Flow | undefined, faults: readonly Fault<OpSite>[], traffic: Traffic): Applied[] {
  // A document is bent before the answer that carries it.
  const applied = flow ? bendDocuments(ctx, site, flow, faults, traffic) : []
  for (const fault of faults) {
    if (fault.site !== 'http') continue
    const changes = fault.edits.filter(isTransport).flatMap((edit) => bendAnswer(ctx, edit, traffic.trapOf(flow)))
    if (changes.length === 0) throw new HarnessError('FAULT_INERT', `L'anomalie « ${fault.id} » n'aurait rien changé à la réponse.`)
    applied.push({ fault, changes })
  }
  return applied
}

function bendDocuments(ctx: KoaContextWithOIDC, site: string, flow: Flow, faults: readonly Fault<OpSite>[], traffic: Traffic): Applied[] {
  const applied: Applied[] = []
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
    const twice = repeatMembers(JSON.stringify(body.document), site, faults, resolve)
    ctx.body = body.document
    if (twice.applied.length > 0) {
      ctx.body = twice.document
      ctx.type = 'json'
    }
    applied.push(...body.applied, ...twice.applied)
    const signing = faults.find((fault) => fault.site === 'userinfo' && fault.edits.some(({ op }) => op === 'sign'))
    if (signing) {
      const signed = signUserinfo(body.document, signing, traffic.keys, resolve)
      ctx.body = signed.document
      ctx.type = 'application/jwt'
      applied.push(...signed.applied)
    }
  } else if (site === 'authorization' || site === 'end_session') {
    const returned = returnedBy(ctx)
    if (!returned) return applied
    const bent = bendDocument(returned.params, site === 'authorization' ? 'authorization.response' : 'logout', faults, resolve)
    const query = new URLSearchParams(bent.document as Record<string, string>)
    const twice = repeatParameters(query, faults, resolve)
    if (bent.applied.length + twice.length > 0) returned.replace(query)
    applied.push(...bent.applied, ...twice)
    const holding = faults.find((fault) => ['authorization.response', 'logout'].includes(fault.site) && fault.edits.some(({ op }) => op === 'drop'))
    if (holding) {
      if (site === 'authorization') traffic.flows.bind(returned.params['code'], flow)
      applied.push(hold(ctx, holding, returned.posted ? carriedAddress(`https://${ctx.host}`, returned.url) : returned.url))
    }
  }
  return applied
}

/** Keeps the answer as a link on a page of the provider. */
function hold(ctx: KoaContextWithOIDC, fault: Fault<OpSite>, url: URL): Applied {
  ctx.remove('location')
  ctx.status = 200
  ctx.type = 'html'
  ctx.body = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Réponse retenue</title><p><a id="reponse" href="${escapeHtml(url.href)}">Réponse retenue</a></p></html>`
  return { fault, changes: [{ path: 'redirection', before: 'vers le produit, dans ce navigateur', after: 'retenue' }] }
}

function locationOf(ctx: KoaContextWithOIDC): string {
  return String(ctx.res.getHeader('location') ?? '')
}

function isDocument(body: unknown): body is Record<string, Json> {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
}

/** The JSON object that an answer holds, written out or not. */
function documentOf(body: unknown): Record<string, Json> | undefined {
  if (typeof body !== 'string' || !body.startsWith('{')) return isDocument(body) ? body : undefined
  try {
    return JSON.parse(body) as Record<string, Json>
  } catch {
    return undefined
  }
}

type Recording = [ctx: KoaContextWithOIDC, site: string, flow: Flow | undefined, started: number, honest: unknown, traffic: Traffic]

function record(...[ctx, site, flow, started, honest, { flows, recorder }]: Recording): void {
  const { oidc } = ctx
  const body = documentOf(ctx.body)
  // Whatever became of the answer, the tokens in it lead to this flow.
  if (site === 'token' && isDocument(honest)) bindTokens(honest, flow, flows)
  if (site === 'authorization') {
    if (flow && /^\d+$/.test(String(ctx.query['max_age']))) flow.asked.maxAge = Number(ctx.query['max_age'])
    if (flow && ctx.query['nonce']) flow.nonces.push(String(ctx.query['nonce']))
    flows.bind(returnedBy(ctx)?.params['code'], flow)
  } else if (site === 'token' && body) {
    const asked = (oidc?.body as Record<string, unknown> | undefined) ?? {}
    for (const [member, name] of Object.entries(SECRETS)) {
      const value = body[member] ?? asked[member]
      if (typeof value === 'string') flow?.secrets.set(name, value)
    }
    bindTokens(body, flow, flows)
    const nonce = oidc.entities?.AuthorizationCode?.nonce
    if (flow && nonce) flows.completed(flow, nonce)
    const { sid, accountId } = oidc.entities?.AuthorizationCode ?? {}
    if (flow && sid && accountId) flow.sessions.push({ sid, sub: accountId, idToken: String(body['id_token'] ?? '') })
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

function bindTokens(answer: Record<string, Json>, flow: Flow | undefined, flows: Flows): void {
  for (const name of ['access_token', 'refresh_token']) if (typeof answer[name] === 'string') flows.bind(answer[name], flow)
}

function* params(...sources: readonly (Readonly<Record<string, unknown>> | undefined)[]): Iterable<readonly [string, string]> {
  for (const source of sources) for (const name in source) yield [name, String(source[name])]
}

function errorIn(location: string): string | undefined {
  return location.includes('error=') ? (new URL(location, 'https://x').searchParams.get('error') ?? undefined) : undefined
}
