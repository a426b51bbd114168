import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import type Provider from 'oidc-provider'
import type { Book } from '#core/book.ts'
import { type Clock, systemClock } from '#core/clock.ts'
import { compose, type Fault, type Json, type OpSite } from '#core/fault.ts'
import type { Actor } from '#core/journal.ts'
import type { Means, PhoneOrder } from '#core/module.ts'
import type { Mask } from '#core/secret.ts'
import { listen } from '#simulators/wire/listen.ts'
import type { Identity, LocalCa } from '#simulators/wire/local-ca.ts'
import { issueJwtAccessTokens } from './access-token.ts'
import { createBesideEngine, TRAP_PATH } from './beside-engine.ts'
import { issueCertificates } from './certificates.ts'
import { createEngine } from './engine.ts'
import { createFlows, type Flow } from './flows.ts'
import { createKeyRing } from './keys.ts'
import { createLeniency, type Leniency } from './leniency.ts'
import { type LogoutOrder, reportLogout } from './logout-notice.ts'
import type { Peer } from './peer.ts'
import { createPhones, type Phones } from './phone.ts'
import { answerProbe, flowOfProbe } from './probe.ts'
import type { Account, ClientRegistration, OpProfile } from './profile.ts'
import { createRecorder } from './recorder.ts'
import { createResolve } from './symbols.ts'
import { watch } from './traffic.ts'
import { createTransport, type Transport } from './transport.ts'
import { createWallet, WALLET_PATH } from './wallet.ts'

export { FRAME_PATH } from './beside-engine.ts'
export { FLOW_COOKIE } from './flows.ts'
export type { Leniency } from './leniency.ts'
export type { LogoutOrder } from './logout-notice.ts'
export type { Peer } from './peer.ts'
export type { Account, ClientRegistration, OpProfile } from './profile.ts'

/** What a provider is started with. Nothing is read from a file. */
export interface OpOptions {
  readonly profile: OpProfile
  readonly accounts: readonly Account[]
  readonly client: ClientRegistration
  /** The same product configured otherwise: clients of their own. */
  readonly variants?: readonly ClientRegistration[]
  readonly ports: { readonly wallet: number; readonly auth: number }
  readonly ca: LocalCa
  readonly book: Book
  readonly mask: Mask
  readonly clock?: Clock
  /** Names that this process must resolve to a given address (the product's). */
  readonly hosts?: Readonly<Record<string, string>>
  /** Marks the entries of a provider that is not the first one. */
  readonly actor?: Actor
}

/** A running provider. */
export interface OpenIdProvider {
  readonly issuer: string
  readonly walletOrigin: string
  readonly authOrigin: string
  /** The document that this profile's clients are told to read. */
  readonly discoveryUrl: string
  readonly standardDiscoveryUrl: string
  readonly ports: { readonly wallet: number; readonly auth: number }
  /** `alone`: nothing else runs meanwhile, so that the flow's faults reach discovery and keys, which no cookie or token tells apart. */
  openFlow(flow: {
    id: string
    faults: readonly Fault<OpSite>[]
    persona: string
    means: Means
    alone?: boolean
    clientId?: string
    phone?: PhoneOrder
  }): Flow
  closeFlow(id: string): void
  /** The next login of a scene begins: faults may hold for some of them only. */
  setLogin(id: string, login: number): void
  /** The access tokens of this flow are worth nothing from now on; refresh tokens stay. */
  expireAccessTokens(flow: string): Promise<void>
  /** Bends the TLS of the back channel's host as this flow, which runs alone, says (site `tls`); null makes it honest again. */
  bendTransport(flow: string | null): Promise<void>
  /** Names (French) and values of what was secret in the exchanges of a flow. */
  secretsOf(flow: string): ReadonlyMap<string, string>
  /** Faults of the whole simulator; the schedule sees to it that nothing else runs. An empty list restores honesty. */
  setCommonFaults(faults: readonly Fault<OpSite>[]): void
  /**
   * Reports the end of a flow's session to the product's server (OpenID Connect Back-Channel Logout 1.0 §2.5), with the flow's faults of
   * `logout_token.*`. The exchange is in the flow's journal; a product that does not answer is a `trouble` there.
   */
  reportLogout(flow: string, order?: LogoutOrder): Promise<void>
  /** The professional answers, on the phone, what waits in this flow (CIBA). */
  answerPhone(flow: string, decision: 'approve' | 'deny'): Promise<void>
  /** Makes another provider known, for the faults that point at it. */
  meet(peer: Peer): void
  /** What another provider may know of this one. */
  asPeer(): Peer
  /** For the doctor alone: lets pass what it has noted, so that it sees further. */
  beLenient(leniency: Leniency): void
  close(): Promise<void>
}

const OTHER_CLIENT = 'autre-service-de-sante'
/**
 * Starts a simulated Pro Santé Connect on two HTTPS hosts of loopback: the wallet (sign-in page) and everything else.
 * @throws HarnessError `PORT_TAKEN`
 */
export async function startOpenIdProvider(options: OpOptions): Promise<OpenIdProvider> {
  const { profile, accounts, client, variants = [], ca, book, mask, clock = systemClock } = options
  let handler: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(503).end()
  const names = [profile.hosts.auth, profile.hosts.wallet, profile.hosts.probe, 'localhost', '127.0.0.1']
  const identity: Identity = await ca.issueServer(names)
  const tls = { key: identity.privateKey, cert: identity.certificate, minVersion: 'TLSv1.2' as const }
  const entry = (request: IncomingMessage, response: ServerResponse) => handler(request, response)
  // A connection that came to nothing leaves no exchange: what the other side said of our certificate is all there is to know.
  const onTrouble = (host: string) => (code: string, name: string) => {
    // Browsers keep connections in reserve, and hang up as they please.
    if (code === 'NO_REQUEST' ? name === '' || names.includes(name) : !code.startsWith('ERR_SSL')) return
    book.append('', { kind: 'provider-event', channel: 'back-channel', event: 'tls-refused', detail: { code, host, name } })
  }
  const wallet = await listen(entry, options.ports.wallet, { tls, setting: 'simulator.ports.wallet', onTlsTrouble: onTrouble(profile.hosts.wallet) })
  const honestTls = { ...tls, ca: [ca.certificate] }
  const transport: Transport = createTransport(honestTls, { ca, names, listener: () => auth, recorder: () => recorder })
  const auth = await listen(entry, options.ports.auth, {
    tls: { ...honestTls, requestCert: true, rejectUnauthorized: false },
    onHandshake: (outcome) => transport.met(outcome),
    onTlsTrouble: onTrouble(profile.hosts.auth),
    setting: 'simulator.ports.auth',
  }).catch(async (error) => {
    await wallet.close()
    throw error
  })
  const plain = await listen(entry, 0)
  const walletOrigin = `https://${profile.hosts.wallet}:${wallet.port}`
  const authOrigin = `https://${profile.hosts.auth}:${auth.port}`
  const issuer = authOrigin + profile.realmPath
  const probe = { secure: `https://${profile.hosts.probe}:${auth.port}`, plain: `http://${profile.hosts.probe}:${plain.port}` }

  // What cannot change is masked once; see `core/secret.ts`.
  for (const { claims } of accounts) freeze(claims)
  const keys = createKeyRing()
  const certificates = await issueCertificates(keys, clock.now())
  const flows = createFlows()
  const recorder = createRecorder(book, mask, options.actor)
  let peer: Peer | undefined
  const common: { faults: readonly Fault<OpSite>[] } = { faults: [] }
  const whose = options.actor ? 'secret du client chez le second fournisseur' : 'secret du client'
  const secrets = [client, ...variants].flatMap(({ secret }) => (secret ? [['le secret du client', secret] as const] : []))
  for (const [, secret] of secrets) mask.declare(whose, secret)
  const phones: Phones = createPhones({ profile, flows, recorder, clock, provider: () => provider })
  const provider: Provider = createEngine({
    profile,
    issuer,
    accounts,
    clients: [
      client,
      ...variants,
      {
        id: OTHER_CLIENT,
        auth: 'client_secret_basic',
        secret: crypto.randomUUID(),
        redirectUris: ['https://autre.test/retour'],
        postLogoutRedirectUris: [],
      },
    ],
    keys,
    clock,
    phones,
  })
  provider.on('server_error', (ctx, error) =>
    recorder.note(flows.ofCookie(ctx.headers.cookie), {
      kind: 'trouble',
      channel: 'bench',
      code: 'SIMULATOR',
      sentence: `Erreur interne du simulateur : ${error.stack ?? error.message}`,
    }),
  )
  // A client that hangs up in the middle of an endless answer is what such an answer is for.
  ;(provider as unknown as EventEmitter).on('error', (error: NodeJS.ErrnoException) => {
    if (!['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '')) console.error(error)
  })
  const unwrap = issueJwtAccessTokens(provider, keys.accessTokens)
  const trapOf = (flow: Flow | undefined) => `${walletOrigin}${TRAP_PATH}${flow?.id ?? ''}`
  const source = { clock, issuer, accounts, flows, otherClientId: OTHER_CLIENT, keys, certificates, probe }
  const registered = (id: string | undefined) => [client, ...variants].find((one) => one.id === id)
  const clientOf = (flow: Flow | undefined) => registered(flow?.clientId) ?? client
  const resolveFor = (flow: Flow) => {
    const { id, idTokenAlg = 'RS256' } = clientOf(flow)
    return createResolve({ ...source, peer, clientId: id, idTokenAlg, flow, trap: trapOf(flow) })
  }
  watch(provider, {
    flows,
    recorder,
    keys,
    common,
    secretOf: (id) => registered(id)?.secret ?? '',
    resolveFor,
    phones,
    interval: profile.lifetimes.cibaInterval,
    elsewhere: (handle) => flows.get(peer?.flowOf(handle) ?? ''),
    trapOf,
  })
  const beLenient = createLeniency(provider, profile)
  const pages = createWallet(provider, profile, accounts)
  const engine = provider.callback()
  const structured = new Set([profile.paths.introspection, profile.paths.revocation].map((path) => profile.realmPath + path))

  const beside = createBesideEngine({
    ...{ profile, issuer, walletOrigin, authOrigin, flows, recorder, keys, common, resolveFor, trapOf, clientOf },
    peer: () => peer,
  })
  handler = (request, response) => {
    void (async () => {
      const url = request.url ?? '/'
      const [path = '/'] = url.split('?', 1)
      if (request.headers.host?.startsWith(`${profile.hosts.probe}:`)) {
        const origin = 'encrypted' in request.socket ? probe.secure : probe.plain
        return recorder.exchange(flowOfProbe(url, flows), answerProbe(request, response, { origin, keys, certificates }))
      }
      if (path.startsWith(WALLET_PATH)) return pages.handle(request, response, flows.ofCookie(request.headers.cookie))
      if (beside.handle(request, response, path, url)) return
      if (structured.has(path)) await unwrapToken(request, unwrap)
      // The engine builds its URLs from the request: on the wallet's host they must stay there.
      await engine(request, response)
    })().catch((error) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      response.end('Erreur interne du simulateur')
      recorder.note(undefined, { kind: 'trouble', channel: 'bench', code: 'SIMULATOR', sentence: String(error) })
    })
  }

  return {
    issuer,
    walletOrigin,
    authOrigin,
    discoveryUrl: `${issuer}/.well-known/wallet-openid-configuration`,
    standardDiscoveryUrl: `${issuer}/.well-known/openid-configuration`,
    ports: { wallet: wallet.port, auth: auth.port },
    openFlow({ faults, ...flow }) {
      const opened = flows.open({ ...flow, faults: compose(...faults) })
      const account = accounts.find(({ id }) => id === flow.persona)
      if (account) flows.bind(`ciba:${account.subject}`, opened)
      return opened
    },
    secretsOf: (id) => new Map([...(flows.get(id)?.secrets ?? []), ...secrets]),
    closeFlow: (id) => flows.close(id),
    async expireAccessTokens(id) {
      const flow = flows.get(id)
      for (const handle of flow?.handles ?? []) await (await provider.AccessToken.find(handle))?.destroy()
      recorder.note(flow, { kind: 'provider-event', channel: 'back-channel', event: 'access-tokens-expired' })
    },
    async bendTransport(id) {
      const flow = id === null ? undefined : flows.get(id)
      if (flow) await transport.bend(flow)
      else await transport.restore()
    },
    reportLogout: (id, order = {}) =>
      reportLogout(flows.get(id), order, { issuer, keys, recorder, clock, clientOf, resolveFor, hosts: options.hosts ?? {} }),
    setLogin: (id, login) => {
      const flow = flows.get(id)
      if (flow) flow.login = login
    },
    setCommonFaults: (faults) => {
      common.faults = compose(...faults)
    },
    answerPhone: (flow, decision) => phones.answer(flow, decision),
    meet: (other) => {
      peer = other
    },
    asPeer: () => ({
      issuer,
      authorizationEndpoint: walletOrigin + profile.authorizationPath,
      tokenEndpoint: issuer + profile.paths.token,
      userinfoEndpoint: issuer + profile.paths.userinfo,
      jwksUri: issuer + profile.paths.jwks,
      clientId: client.id,
      redirectUri: client.redirectUris[0] ?? '',
      accounts,
      flowOf: (handle) => flows.ofHandle(handle)?.id,
    }),
    beLenient,
    close: async () => {
      await Promise.all([wallet.close(), auth.close(), plain.close()])
    },
  }
}

/** Introspection and revocation refuse structured tokens before looking them up: they are given the opaque value. */
async function unwrapToken(request: IncomingMessage & { body?: unknown }, unwrap: (token: string) => string): Promise<void> {
  let text = ''
  for await (const chunk of request) text += chunk
  const form = parse(text)
  request.body = { ...form, ...(typeof form['token'] === 'string' ? { token: unwrap(form['token']) } : {}) }
}

function freeze(value: Json): void {
  if (typeof value !== 'object' || value === null) return
  for (const member of Object.values(value)) freeze(member as Json)
  Object.freeze(value)
}
