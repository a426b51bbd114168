import { randomBytes } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import Provider, { type ClientMetadata, type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '#core/clock.ts'
import { anyPort } from '#core/redirect.ts'
import type { KeyRing } from './keys.ts'
import type { Phones } from './phone.ts'
import type { Account, ClientRegistration, OpProfile } from './profile.ts'
import { createStore } from './store.ts'
import { refusal } from './wallet.ts'

/** What the engine is built from. */
export interface EngineParts {
  readonly profile: OpProfile
  readonly issuer: string
  readonly accounts: readonly Account[]
  readonly clients: readonly ClientRegistration[]
  readonly keys: KeyRing
  readonly clock: Clock
  /** Where a CIBA request waits for the professional. */
  readonly phones?: Phones
}

/** What the public samples show of the identity in the ID token; the rest comes from userinfo. */
const ID_TOKEN_IDENTITY = ['preferred_username', 'SubjectNameID']

/** The OpenID provider itself: a well-kept library, bent to Keycloak's manners where Pro Santé Connect is Keycloak. */
export function createEngine({ profile, issuer, accounts, clients, keys, clock, phones }: EngineParts): Provider {
  const bySubject = new Map(accounts.map((account) => [account.subject, account]))
  const byNationalId = new Map(accounts.map((account) => [account.nationalId, account]))
  const identityClaims = [...new Set(accounts.flatMap((account) => Object.keys(account.claims)))].filter((claim) => claim !== 'sub')
  const path = (suffix: string) => profile.realmPath + suffix
  const cookie = { signed: true, httpOnly: true, sameSite: 'lax' as const, secure: issuer.startsWith('https:'), domain: commonDomain(profile) }
  const configuration: Configuration = {
    adapter: createStore({ clock, session: { absolute: profile.lifetimes.session, idle: profile.lifetimes.sessionIdle } }),
    clients: clients.map((client) => metadata(client)),
    jwks: { keys: keys.keys.map((key) => key.jwk as never) },
    routes: {
      authorization: profile.authorizationPath,
      token: path(profile.paths.token),
      userinfo: path(profile.paths.userinfo),
      jwks: path(profile.paths.jwks),
      end_session: path(profile.paths.endSession),
      introspection: path(profile.paths.introspection),
      revocation: path(profile.paths.revocation),
      backchannel_authentication: path(profile.paths.ciba),
      pushed_authorization_request: path(profile.paths.par),
    },
    acrValues: ['0', 'eidas1', 'eidas2', 'eidas3'],
    scopes: [...profile.scopes],
    claims: { openid: ['sub', 'azp', 'acr', 'auth_time', 'typ', ...ID_TOKEN_IDENTITY], [profile.identityScope]: identityClaims, acr: ['acr'] },
    // The claims of scopes go into the ID token too; `findAccount` below decides which identity that is.
    conformIdTokenClaims: false,
    // Nothing else proves a public client.
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
    clientBasedCORS: (_ctx, origin, { clientId }) => clients.find(({ id }) => id === clientId)?.origins?.includes(origin) ?? false,
    renderError: (ctx, { error, error_description = '' }) => {
      ctx.type = 'html'
      ctx.body = refusal(error, error_description)
    },
    findAccount: async (ctx, sub) => {
      const account = bySubject.get(sub)
      const claims = async (use: string) => {
        if (use !== 'id_token') return { sub, ...account?.claims }
        const identity = ID_TOKEN_IDENTITY.map((claim) => [claim, account?.claims[claim]])
        return { sub, azp: (ctx as KoaContextWithOIDC).oidc.client?.clientId, typ: 'ID', ...Object.fromEntries(identity) }
      }
      return account && { accountId: sub, claims: claims as never }
    },
    cookies: {
      keys: [randomBytes(24).toString('hex')],
      long: cookie,
      short: cookie,
      names: { session: profile.sessionCookie ?? 'KEYCLOAK_SESSION', interaction: 'AUTH_SESSION_ID', resume: 'KC_RESTART' },
    },
    interactions: { policy: withoutPrompts(), url: (_ctx, interaction) => `/connexion/${interaction.uid}` },
    ttl: {
      Interaction: 1800,
      Session: profile.lifetimes.session,
      Grant: profile.lifetimes.session,
      AuthorizationCode: profile.lifetimes.code,
      AccessToken: profile.lifetimes.accessToken,
      IdToken: profile.lifetimes.idToken,
      RefreshToken: profile.lifetimes.refreshToken,
      BackchannelAuthenticationRequest: (_ctx, { accountId }) => phones?.lifetimeOf(accountId ?? '') ?? profile.lifetimes.cibaRequest,
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'],
      clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256'],
    },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth'],
    extraParams: { kc_idp_hint: (ctx) => refuseUnknownScopes(ctx as KoaContextWithOIDC, profile), channel: null as never },
    loadExistingGrant: async (ctx) => withoutConsent(ctx, profile, identityClaims),
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      claimsParameter: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => logoutPage(ctx, form) },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: async (_ctx, hint) => {
          const account = byNationalId.get(hint ?? '')
          return account?.subject
        },
        verifyUserCode: async () => {},
        validateRequestContext: async () => {},
        validateBindingMessage: async (_ctx, message) => {
          if (!/^\d\d$/.test(message ?? '')) throw new errors.InvalidBindingMessage('binding_message must be two digits')
        },
        triggerAuthenticationDevice: async (ctx, request) => {
          const { jti, accountId } = request as unknown as { jti: string; accountId: string }
          const channel = String((ctx as KoaContextWithOIDC).oidc.body?.['channel'] ?? 'MOBILE')
          await phones?.asked({ id: jti, accountId, channel })
        },
      },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: (ctx) => (ctx.socket as TLSSocket).getPeerX509Certificate?.() as never,
        certificateAuthorized: (ctx) => (ctx.socket as TLSSocket).authorized === true,
        certificateSubjectMatches: (ctx, property, expected) =>
          property === 'tls_client_auth_subject_dn' && rfc4514((ctx.socket as TLSSocket).getPeerX509Certificate?.()?.subject) === expected,
      },
    },
  }
  const provider = new Provider(issuer, configuration)
  // Keycloak names the session (sid) in every ID token; the engine only for clients that it would notify itself.
  ;(provider.Client as unknown as { prototype: { includeSid(): boolean } }).prototype.includeSid = () => true
  provider.proxy = false
  return provider
}

/** A registration as the engine wants it. */
export function metadata(client: ClientRegistration): ClientMetadata {
  const ciba = 'urn:openid:params:grant-type:ciba'
  return {
    client_id: client.id,
    ...(client.secret ? { client_secret: client.secret } : {}),
    ...(client.auth === 'none' && client.redirectUris.every(anyPort) ? { application_type: 'native' as const } : {}),
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    grant_types: ['authorization_code', 'refresh_token', ...(client.ciba ? [ciba] : [])],
    response_types: ['code'],
    token_endpoint_auth_method: client.auth,
    id_token_signed_response_alg: client.idTokenAlg ?? 'RS256',
    ...(client.ciba ? { backchannel_token_delivery_mode: 'poll' as const } : {}),
    ...(client.jwks ? { jwks: client.jwks as never } : {}),
    ...(client.auth === 'tls_client_auth'
      ? { tls_client_auth_subject_dn: client.certificateSubject ?? '', tls_client_certificate_bound_access_tokens: true }
      : {}),
  }
}

/** Keycloak answers `invalid_scope` to a scope that it does not know; the engine would drop it. */
function refuseUnknownScopes(ctx: KoaContextWithOIDC, profile: OpProfile): void {
  const unknown = String(ctx.query['scope'] ?? ctx.oidc.body?.['scope'] ?? '')
    .split(' ')
    .filter((scope) => scope !== '' && !profile.scopes.includes(scope))
  if (unknown.length > 0) throw new errors.InvalidScope('Invalid scopes', unknown.join(' '))
}

/** A client of the workstation is asked nothing more than another. */
function withoutPrompts() {
  const policy = interactionPolicy.base()
  policy.get('consent')?.checks.remove('native_client_prompt')
  return policy
}

/** Pro Santé Connect asks for no consent: the scopes of the request are granted. */
async function withoutConsent(ctx: KoaContextWithOIDC, profile: OpProfile, claims: readonly string[]) {
  const { provider, session, client, result } = ctx.oidc
  if (!session || !client) return undefined
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  if (known) {
    const grant = await provider.Grant.find(known)
    if (grant) return grant
  }
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId as string })
  grant.addOIDCScope(profile.scopes.join(' '))
  grant.addOIDCClaims(['acr', 'auth_time', ...claims])
  await grant.save()
  return grant
}

/** With an ID token hint Keycloak signs out at once; without it, it asks. */
function logoutPage(ctx: KoaContextWithOIDC, form: string): void {
  const hinted = ctx.oidc.params?.['id_token_hint'] !== undefined
  const confirm = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Se déconnecter de Pro Santé Connect</button>'
  const submit = `<script>const f=document.forms[0],i=document.createElement('input');i.type='hidden';i.name='logout';i.value='yes';f.append(i);f.submit()</script>`
  ctx.type = 'html'
  ctx.body = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Déconnexion – Pro Santé Connect (simulateur)</title><body><h1>Déconnexion</h1>${form}${hinted ? submit : confirm}</body></html>`
}

/** Node gives one RDN a line, most significant first; RFC 4514 wants them joined in reverse. */
function rfc4514(subject: string | undefined): string {
  return (subject ?? '').split('\n').reverse().join(',')
}

/** The two hosts share their session cookie on the domain above them. */
function commonDomain(profile: OpProfile): string {
  return profile.hosts.wallet.split('.').slice(1).join('.')
}
