import { importJWK } from 'jose'
import * as oidc from 'openid-client'
import type { DpiConfiguration } from '../configuration.ts'
import type { Connector, ProviderName, VerifiedLogin } from '../connector.ts'
import { NO_DEFECT } from '../defects.ts'
import { Refusal, refusalBehind } from '../refusal.ts'
import { checkAcr, checkAmr } from './acr.ts'
import { refusalOf } from './authorization-response.ts'
import { createBackChannel, isLoopback, PATIENCE } from './back-channel.ts'
import {
  accessTokenHash,
  authenticationTime,
  authorizedParty,
  boundedExpiry,
  firstBreach,
  onlyAudience,
  recentlyIssued,
  subject,
  TOLERANCE,
} from './claim-checks.ts'
import { endSessionUrl } from './end-session.ts'
import { trustworthy } from './keys.ts'
import { type LogoutMemory, namesIn, readLogoutToken } from './logout-token.ts'
import { readMetadata } from './metadata.ts'
import { CIBA_GRANT, DEFAULT_INTERVAL, phoneParameters, phoneRefusal, stillWaiting } from './phone.ts'
import { hold, renewed } from './renewal.ts'
import { isCompact } from './signature.ts'
import { checkPivot } from './userinfo.ts'

/** What the library leaves to its user: an extra audience beside an azp, azp with one audience, the form of sub, dates out of bounds, at_hash. */
const LEFT_TO_US = [onlyAudience, authorizedParty, subject, boundedExpiry, recentlyIssued, authenticationTime, accessTokenHash]

/** The honest connector, on a certified library. */
export function createLibraryConnector(configuration: DpiConfiguration, provider: ProviderName, memory: LogoutMemory): Connector {
  const call = createBackChannel(configuration)
  const metadataNow = () => readMetadata(configuration, call, NO_DEFECT)
  const library = async () => {
    const { client } = configuration
    const metadata = await metadataNow()
    const settings = {
      id_token_signed_response_alg: configuration.idTokenAlg,
      use_mtls_endpoint_aliases: client.auth === 'tls_client_auth',
      [oidc.clockTolerance]: TOLERANCE,
    }
    const config = new oidc.Configuration(metadata as unknown as oidc.ServerMetadata, client.id, settings, await clientAuthentication(client))
    config.timeout = Math.ceil((configuration.patience ?? PATIENCE) / 1000) + 1
    config[oidc.customFetch] = async (url, { method, headers, body }) => {
      const response = await call(url, { method, headers, ...(body ? { body: String(body) } : {}) })
      return url === metadata.jwks_uri && response.status === 200 ? withoutWeakKeys(response) : response
    }
    // In the code flow the library takes TLS for a signature (§3.1.3.7-6) unless it is told otherwise.
    oidc.enableNonRepudiationChecks(config)
    if (isLoopback(configuration.issuer)) oidc.allowInsecureRequests(config)
    return config
  }
  return {
    begin: async () => {
      const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()]
      const { redirectUri, scope, acrValues, responseMode } = configuration
      const url = oidc.buildAuthorizationUrl(await library(), {
        redirect_uri: redirectUri,
        scope,
        acr_values: acrValues,
        ...(configuration.maxAge === undefined ? {} : { max_age: String(configuration.maxAge) }),
        ...(responseMode === 'query' ? {} : { response_mode: responseMode }),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url, transaction: { provider, state, nonce, verifier, redirectUri } }
    },
    endSession: async (request) => endSessionUrl(configuration, await metadataNow(), request, NO_DEFECT),
    readLogoutToken: async (token) => readLogoutToken(configuration, await metadataNow(), call, token, NO_DEFECT, memory),
    renew: async (held) => {
      try {
        const config = await library()
        const refresh = async (refreshToken: string) => {
          const tokens = await oidc.refreshTokenGrant(config, refreshToken)
          const claims = tokens.claims()
          if (claims !== undefined && claims.sub !== held.subject) throw new Refusal('untrusted', 'refresh.sub')
          return hold(held.subject, {
            accessToken: tokens.access_token,
            refreshToken: tokens.refresh_token ?? refreshToken,
            expiresIn: tokens.expires_in,
          })
        }
        return await renewed(held, { identity: (used) => oidc.fetchUserInfo(config, used.accessToken, held.subject), refresh }, NO_DEFECT)
      } catch (error) {
        throw translate(error)
      }
    },
    complete: async (response, { state, nonce, verifier, redirectUri }) => {
      try {
        const config = await library()
        const tokens = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}?${response}`), {
          ...(state === undefined ? {} : { expectedState: state }),
          ...(nonce === undefined ? {} : { expectedNonce: nonce }),
          ...(verifier === undefined ? {} : { pkceCodeVerifier: verifier }),
          ...(configuration.maxAge === undefined ? {} : { maxAge: configuration.maxAge }),
          idTokenExpected: true,
        })
        return await verified(config, tokens, nonce)
      } catch (error) {
        throw translate(error)
      }
    },
    askPhone: async ({ nationalId, bindingMessage }) => {
      const askedAt = Math.floor(Date.now() / 1000)
      try {
        const parameters = phoneParameters(configuration, nationalId, bindingMessage)
        const answer = await oidc.initiateBackchannelAuthentication(await library(), parameters)
        return { authReqId: answer.auth_req_id, expiresIn: answer.expires_in, interval: answer.interval ?? DEFAULT_INTERVAL, askedAt }
      } catch (error) {
        throw error instanceof oidc.ResponseBodyError ? phoneRefusal(error.error) : translate(error)
      }
    },
    poll: async ({ authReqId }) => {
      try {
        const config = await library()
        // The library's own polling keeps its pace by itself; here the professional's screen does.
        const tokens = await oidc.genericGrantRequest(config, CIBA_GRANT, { auth_req_id: authReqId })
        return await verified(config, tokens)
      } catch (error) {
        const waiting = error instanceof oidc.ResponseBodyError ? stillWaiting(error.error) : undefined
        if (waiting) return waiting
        throw error instanceof oidc.ResponseBodyError ? phoneRefusal(error.error) : translate(error)
      }
    },
  }

  /** What the library leaves to its user, then the identity, whatever the grant. */
  async function verified(
    config: oidc.Configuration,
    tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
    nonce?: string,
  ): Promise<VerifiedLogin> {
    const claims = tokens.claims()
    const { access_token: accessToken, id_token: idToken } = tokens
    if (claims === undefined || idToken === undefined) throw new Refusal('untrusted', 'token.id_token-missing')
    const { issuer, client, acrValues, maxAge } = configuration
    const expected = { issuer, clientId: client.id, nonce, accessToken, maxAge, now: Math.floor(Date.now() / 1000) }
    if (!isCompact(idToken)) throw new Refusal('untrusted', 'id_token.form')
    const breach = firstBreach(claims, expected, NO_DEFECT, LEFT_TO_US)
    if (breach !== null) throw new Refusal('untrusted', `id_token.${breach}`)
    checkAcr(claims['acr'], acrValues, NO_DEFECT)
    checkAmr(claims['amr'], NO_DEFECT)
    const userinfo = await oidc.fetchUserInfo(config, accessToken, claims.sub)
    if (provider === 'first') checkPivot(userinfo, claims, NO_DEFECT)
    const held = hold(claims.sub, { accessToken, refreshToken: tokens.refresh_token, expiresIn: tokens.expires_in })
    return { userinfo, idToken, accessToken, held, named: namesIn(claims), issuer: configuration.issuer }
  }
}

async function clientAuthentication({ auth, secret, key }: DpiConfiguration['client']): Promise<oidc.ClientAuth> {
  if (auth === 'client_secret_post') return oidc.ClientSecretPost(secret)
  if (auth === 'tls_client_auth') return oidc.TlsClientAuth()
  if (auth === 'client_secret_basic') return oidc.ClientSecretBasic(secret)
  const jwk = key ?? {}
  const imported = (await importJWK(jwk, String(jwk['alg'] ?? 'RS256'))) as oidc.CryptoKey
  return oidc.PrivateKeyJwt(typeof jwk['kid'] === 'string' ? { key: imported, kid: jwk['kid'] } : imported)
}

/** The library takes a key of any exponent. */
async function withoutWeakKeys(response: Response): Promise<Response> {
  const { status, headers } = response
  const text = await response.text()
  try {
    return new Response(JSON.stringify(trustworthy(JSON.parse(text))), { status, headers })
  } catch {
    return new Response(text, { status, headers })
  }
}

/** The library's errors in the words of the DPI. */
function translate(error: unknown): unknown {
  const known = refusalBehind(error)
  if (known) return known
  if (error instanceof oidc.AuthorizationResponseError) return refusalOf(error.error)
  if (error instanceof oidc.ResponseBodyError) return new Refusal('provider-error', `token.${error.error}`, error)
  if (error instanceof oidc.WWWAuthenticateChallengeError) return new Refusal('provider-error', `challenge.http-${error.status}`, error)
  if (error instanceof oidc.ClientError) return new Refusal('untrusted', String(error.code ?? 'client'), error)
  return error
}
