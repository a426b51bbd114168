import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parse } from 'node:querystring'
import Provider from 'oidc-provider'
import type { Account } from '#simulators/openid-provider/index.ts'
import type { LocalCa } from '#simulators/wire/local-ca.ts'

/**
 * What the simulator is compared with: the library alone, with the same claims, lifetimes and TLS, a sign-in page of one line, its
 * own memory, opaque access tokens, no flow, no fault, no record.
 */
export async function startBareProvider({
  ca,
  accounts,
  client,
}: {
  ca: LocalCa
  accounts: readonly Account[]
  client: { id: string; secret: string; redirectUri: string }
}) {
  const { certificate: cert, privateKey: key } = await ca.issueServer(['auth.psc.test'])
  const server = createServer({ key, cert }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const origin = `https://auth.psc.test:${(server.address() as AddressInfo).port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = [...new Set(accounts.flatMap((account) => Object.keys(account.claims)))]
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bare', alg: 'RS256', use: 'sig' } as never] },
    scopes: ['openid', 'scope_all'],
    claims: { openid: ['sub'], scope_all: claims },
    acrValues: ['eidas1'],
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...accounts.find(({ subject }) => subject === sub)?.claims }) }),
    interactions: { url: (_ctx, { uid }) => `/connexion/${uid}` },
    cookies: { keys: ['bench'] },
    ttl: { Interaction: 600, Session: 14_400, Grant: 14_400, AccessToken: 120, IdToken: 120, RefreshToken: 1800, AuthorizationCode: 60 },
    issueRefreshToken: async () => true,
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client?.clientId as string, accountId: ctx.oidc.session?.accountId as string })
      grant.addOIDCScope('openid scope_all')
      grant.addOIDCClaims(claims)
      await grant.save()
      return grant
    },
    features: { devInteractions: { enabled: false } },
  })
  const engine = provider.callback()
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/connexion/')) return engine(request, response)
    if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(`<form method="post" action="${request.url}"></form>`)
    let body = ''
    for await (const chunk of request) body += chunk
    const account = accounts.find(({ id }) => id === parse(body)['identite'])
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: account?.subject ?? '', acr: 'eidas1', amr: ['CARD'] } },
      { mergeWithLastSubmission: false },
    )
  })
  return {
    endpoints: { authorization: `${origin}/auth`, token: `${origin}/token`, userinfo: `${origin}/me` },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
