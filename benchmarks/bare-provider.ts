import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parse } from 'node:querystring'
import { systemClock } from '#core/clock.ts'
import { createEngine } from '#simulators/openid-provider/engine.ts'
import type { Account, OpProfile } from '#simulators/openid-provider/index.ts'
import { createKeyRing } from '#simulators/openid-provider/keys.ts'
import type { LocalCa } from '#simulators/wire/local-ca.ts'

/**
 * What the simulator is compared with: the library alone, configured for the same provider (claims, scopes, lifetimes, routes, features,
 * TLS), with a sign-in page of one line and its opaque access tokens; no flow, no fault, no record.
 */
export async function startBareProvider(parts: {
  readonly ca: LocalCa
  readonly profile: OpProfile
  readonly accounts: readonly Account[]
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string }
}) {
  const { ca, profile, accounts, client } = parts
  const { certificate: cert, privateKey: key } = await ca.issueServer([profile.hosts.auth])
  const server = createServer({ key, cert }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const origin = `https://${profile.hosts.auth}:${(server.address() as AddressInfo).port}`
  const provider = createEngine({
    profile,
    issuer: origin + profile.realmPath,
    accounts,
    clients: [{ id: client.id, auth: 'client_secret_basic', secret: client.secret, redirectUris: [client.redirectUri], postLogoutRedirectUris: [] }],
    keys: createKeyRing(),
    clock: systemClock,
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
      { login: { accountId: account?.subject ?? '', acr: profile.acr, amr: ['CARD'] } },
      { mergeWithLastSubmission: false },
    )
  })
  const realm = origin + profile.realmPath
  return {
    endpoints: { authorization: origin + profile.authorizationPath, token: realm + profile.paths.token, userinfo: realm + profile.paths.userinfo },
  }
}
