import { decodeJwt, type JSONWebKeySet, type JWK } from 'jose'
import type { DpiConfiguration } from '../configuration.ts'
import type { Connector, HeldTokens, ProviderName, VerifiedLogin } from '../connector.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { checkAcr, checkAmr } from './acr.ts'
import { authorizationRequest } from './authorization-request.ts'
import { codeOf } from './authorization-response.ts'
import { type BackChannel, createBackChannel, readObject } from './back-channel.ts'
import { type Claims, firstBreach } from './claim-checks.ts'
import { endSessionUrl } from './end-session.ts'
import { isOdd, trustworthy } from './keys.ts'
import { type LogoutMemory, namesIn, readLogoutToken } from './logout-token.ts'
import { type Metadata, readMetadata } from './metadata.ts'
import { askPhone, pollPhone } from './phone.ts'
import { hold, renewed } from './renewal.ts'
import { verifySignature } from './signature.ts'
import { redeem, refreshTokens, type Tokens } from './token.ts'
import { unknownMember } from './unknown-members.ts'
import { checkPivot, checkUserinfoSubject, readUserinfo, requireEveryClaim, withClaimsElsewhere } from './userinfo.ts'

/** What only a defective connector remembers from one login to the next, each defect for itself. */
export interface HandmadeMemory {
  metadata?: Metadata
  /** Keys, by the defect that keeps them. */
  readonly keys: Map<string, JSONWebKeySet>
  readonly logout: LogoutMemory
}

/** The connector written by hand: every check stands in the open, so that each can be left out on its own. */
export function createHandmadeConnector(
  configuration: DpiConfiguration,
  provider: ProviderName,
  defects: Defects,
  memory: HandmadeMemory,
): Connector {
  const call = createBackChannel(configuration, defects)
  const metadataNow = () => readMetadata(configuration, call, defects)
  const keysFor = (metadata: Metadata) => ({
    published: () => publishedKeys(configuration, metadata, call, memory, defects),
    call,
    clientSecret: configuration.client.secret,
    alg: configuration.idTokenAlg,
  })
  return {
    begin: async () => {
      const metadata = await metadataNow()
      memory.metadata = metadata
      if (defects.has('keys-from-login-start')) memory.keys.set(`keys-from-login-start ${configuration.issuer}`, await readKeys(metadata, call))
      return authorizationRequest(configuration, metadata, provider, defects)
    },
    readLogoutToken: async (token) => readLogoutToken(configuration, await metadataNow(), call, token, defects, memory.logout),
    endSession: async (request) => endSessionUrl(configuration, await metadataNow(), request, defects),
    renew: async (held) => {
      const metadata = await metadataNow()
      const refresh = async (refreshToken: string) => {
        const tokens = await refreshTokens(configuration, metadata, call, refreshToken, defects)
        if (tokens.idToken !== undefined) await checkRefreshed(tokens, held)
        return hold(held.subject, { refreshToken, ...tokens })
      }
      /** The refreshed ID token names the same issuer, subject and client (§12.2); its level was judged at the login. */
      const checkRefreshed = async (tokens: Tokens, { subject }: HeldTokens) => {
        const lenient = new Set([
          ...defects,
          ...(Object.keys(LENIENT_REFRESH) as (keyof typeof LENIENT_REFRESH)[]).filter((id) => defects.has(id)).map((id) => LENIENT_REFRESH[id]),
        ])
        const claims = await verifySignature(tokens.idToken ?? '', keysFor(metadata), lenient)
        const now = Math.floor(Date.now() / 1000)
        const expected = { issuer: configuration.issuer, clientId: configuration.client.id, accessToken: tokens.accessToken, now }
        const breach = firstBreach(claims, expected, lenient)
        if (breach !== null) throw new Refusal('untrusted', `refresh.${breach}`)
        if (claims['sub'] !== subject && !defects.has('ignores-refreshed-sub')) throw new Refusal('untrusted', 'refresh.sub')
      }
      const identity = async (used: HeldTokens) => {
        const userinfo = await readUserinfo(configuration, metadata, call, used.accessToken, defects, keysFor(metadata))
        checkUserinfoSubject(userinfo, held.subject, defects)
        return userinfo
      }
      return renewed(held, { identity, refresh }, defects)
    },
    complete: async (response, transaction): Promise<VerifiedLogin> => {
      const own = await metadataNow()
      const metadata = defects.has('one-metadata-for-all') ? { ...own, ...memory.metadata, issuer: own.issuer } : own
      const code = codeOf(response, transaction, metadata, defects)
      const tokens = await redeem(configuration, metadata, call, code, transaction, defects)
      if (defects.has('rejects-unknown-parameters') && unknownMember('parameter', response.keys()))
        throw new Refusal('untrusted', 'response.parameter')
      return verified(tokens, metadata, { nonce: transaction.nonce, early: defects.has('calls-userinfo-first') }, async () => {
        if (defects.has('redeems-code-twice')) await redeem(configuration, metadata, call, code, transaction, defects).catch(() => {})
      })
    },
    askPhone: async (request) => askPhone(configuration, await metadataNow(), call, request, defects),
    poll: async (request) => {
      const metadata = await metadataNow()
      const answer = await pollPhone(configuration, metadata, call, request, defects)
      return typeof answer === 'string' ? answer : verified(answer, metadata, {})
    },
  }

  /** From tokens to the identity behind them, whatever the grant that gave them. */
  async function verified(
    tokens: Tokens,
    metadata: Metadata,
    { nonce, early: first = false }: { readonly nonce?: string | undefined; readonly early?: boolean },
    afterwards: () => Promise<void> = async () => {},
  ): Promise<VerifiedLogin> {
    const identity = () => readUserinfo(configuration, metadata, call, tokens.accessToken, defects, keysFor(metadata))
    const early = first ? await identity() : undefined
    let late: unknown
    const claims = await idTokenClaims(configuration, metadata, call, tokens, nonce, defects, memory).catch((error: unknown): Claims => {
      if (!defects.has('session-before-refusal')) throw error
      late = error
      return {}
    })
    let userinfo = early ?? (await identity().catch((error: unknown) => substitute(error, claims, defects)))
    userinfo = await withClaimsElsewhere(userinfo, call, tokens.accessToken, defects)
    checkUserinfoSubject(userinfo, claims['sub'], defects)
    if (provider === 'first') checkPivot(userinfo, claims, defects)
    if (defects.has('acr-from-userinfo') && claims['acr'] === undefined) checkAcr(userinfo['acr'], configuration.acrValues, defects)
    if (defects.has('requires-every-claim')) requireEveryClaim(userinfo)
    const unforeseen = unknownMember('claim', Object.keys({ ...claims, ...userinfo }))
    if (defects.has('crashes-on-unknown-claim') && unforeseen) throw new TypeError(`unexpected claim: ${unforeseen}`)
    await afterwards()
    return {
      userinfo,
      ...tokens,
      held: hold(String(claims['sub']), tokens),
      named: namesIn(claims),
      issuer: issuerOf(configuration, metadata, claims, defects),
      ...(late === undefined ? {} : { late }),
    }
  }
}

/** What each leniency at the refresh leaves out of the checks of a login. */
const LENIENT_REFRESH = {
  'ignores-refreshed-iss': 'ignores-iss',
  'ignores-refreshed-aud': 'ignores-aud',
  'ignores-refreshed-signature': 'ignores-signature',
  'ignores-refreshed-exp': 'ignores-exp',
} as const

/** The validated claims of the ID token: signature, claims, level (OpenID Connect Core 1.0 §3.1.3.7). */
async function idTokenClaims(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  tokens: Tokens,
  nonce: string | undefined,
  defects: Defects,
  memory: HandmadeMemory,
): Promise<Claims> {
  const { client, acrValues } = configuration
  if (tokens.idToken === undefined) {
    if (defects.has('ignores-missing-id-token') || defects.has('lenient-compact-parsing')) return {}
    throw new Refusal('untrusted', 'token.id_token-missing')
  }
  const published = () => publishedKeys(configuration, metadata, call, memory, defects)
  const idToken = defects.has('truncates-token') ? tokens.idToken.slice(0, 4096) : tokens.idToken
  const agreed = metadata.id_token_signing_alg_values_supported ?? [configuration.idTokenAlg]
  const weakened: Defects =
    defects.has('negotiates-down') && !agreed.includes(configuration.idTokenAlg)
      ? new Set([...defects, 'accepts-hs256-secret', 'accepts-alg-none'])
      : defects
  const claims = await verifySignature(idToken, { published, call, clientSecret: client.secret, alg: configuration.idTokenAlg }, weakened).catch(
    async (error: unknown) => {
      if (defects.has('hammers-keys')) for (let again = 0; again < 4; again++) await published()
      if (!defects.has('unverified-without-keys') || !(error instanceof Refusal)) throw error
      const unread = error.kind === 'unavailable' || error.reference.startsWith('jwks')
      if (!unread && (await published()).keys.length > 0) throw error
      return decodeJwt(idToken) as Claims
    },
  )
  if (defects.has('lenient-compact-parsing') && claims['iss'] === undefined) return {}
  const now = Math.floor(Date.now() / 1000)
  const issuer = defects.has('believes-discovery-issuer') ? metadata.issuer : configuration.issuer
  const expected = { issuer, clientId: client.id, nonce, accessToken: tokens.accessToken, maxAge: configuration.maxAge, now }
  const breach = firstBreach(claims, expected, defects)
  if (breach !== null) throw new Refusal('untrusted', `id_token.${breach}`)
  const elsewhere = defects.has('acr-from-userinfo') && claims['acr'] === undefined
  if (!elsewhere) checkAcr(claims['acr'], acrValues, defects)
  checkAmr(claims['amr'], defects)
  return claims
}

/** The provider that was asked; a careless DPI takes the word of what it received. */
function issuerOf({ issuer }: DpiConfiguration, metadata: Metadata, claims: Claims, defects: Defects): string {
  if (defects.has('believes-discovery-issuer')) return metadata.issuer
  return defects.has('keys-by-claimed-issuer') ? String(claims['iss']) : issuer
}

/** The keys to verify with: read now, unless a defect kept others. */
async function publishedKeys(
  { issuer }: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  memory: HandmadeMemory,
  defects: Defects,
): Promise<JSONWebKeySet> {
  const keeper = (['caches-keys-for-ever', 'keys-from-login-start', 'keeps-withdrawn-keys'] as const).find((defect) => defects.has(defect))
  const place = `${keeper} ${issuer}`
  const kept = memory.keys.get(place)
  if (kept && keeper !== 'keeps-withdrawn-keys') return kept
  const address = defects.has('hardcodes-keys-address') ? `${issuer}/protocol/openid-connect/certs` : metadata.jwks_uri
  const read = await readKeys({ ...metadata, jwks_uri: address }, call)
  if (defects.has('rejects-odd-keys') && read.keys.some(isOdd)) throw new Refusal('untrusted', 'jwks.odd')
  if (defects.has('demands-trusted-x5c') && read.keys.some(({ x5c }) => x5c)) throw new Refusal('untrusted', 'jwks.x5c')
  const trusted = defects.has('accepts-weak-keys') ? read : trustworthy(read)
  const now = keeper === 'keeps-withdrawn-keys' ? { keys: joined(trusted.keys, kept?.keys ?? []) } : trusted
  if (keeper) memory.keys.set(place, now)
  return now
}

function joined(read: readonly JWK[], kept: readonly JWK[]): JWK[] {
  return [...read, ...kept.filter(({ kid }) => !read.some((key) => key.kid === kid))]
}

async function readKeys(metadata: Metadata, call: BackChannel): Promise<JSONWebKeySet> {
  const response = await call(metadata.jwks_uri)
  if (response.status !== 200) throw new Refusal('unavailable', `jwks.http-${response.status}`)
  return (await readObject(response, 'jwks')) as unknown as JSONWebKeySet
}

/** What a careless DPI puts in the place of an identity that did not come: the ID token, and later its own directory. */
function substitute(error: unknown, claims: Claims, defects: Defects): Claims {
  if (defects.has('stale-userinfo')) return claims
  throw error
}
