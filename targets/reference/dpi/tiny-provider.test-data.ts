import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

type Members = Record<string, unknown>

/** What a test bends; everything else stays honest. */
export interface Tamper {
  readonly discovery?: (document: Members) => Members
  readonly response?: (parameters: URLSearchParams) => void
  /** Sends the browser elsewhere than to the client. */
  readonly redirectTo?: string
  readonly claims?: (claims: Members) => Members
  readonly sign?: (claims: Members, provider: TinyProvider) => Promise<string>
  readonly token?: (answer: Members) => Members
  readonly userinfo?: (identity: Members) => Members
  /** Endpoint → HTTP status answered in its place. */
  readonly status?: Readonly<Record<string, number>>
}

/** A provider of a few lines for the tests of the DPI, on plain http. */
export interface TinyProvider {
  readonly issuer: string
  readonly discoveryUrl: string
  readonly key: CryptoKey
  readonly jwk: JWK
  /** Changes the signing key and what is published. */
  rotate(): Promise<void>
  tamper: Tamper
  identity: Members
  /** Calls received: `endpoint` and its parameters. */
  readonly calls: { readonly endpoint: string; readonly params: URLSearchParams; readonly headers: IncomingMessage['headers'] }[]
  close(): void
}

export const CLIENT = { id: 'dpi:test', secret: 'secret/à 1+2' }
const kids = (function* () {
  for (let n = 1; ; n++) yield `kid-${n}`
})()

export async function startTinyProvider(): Promise<TinyProvider> {
  const newKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid: kids.next().value as string, alg: 'RS256', use: 'sig' } }
  }
  const codes = new Map<string, URLSearchParams>()
  let signing = await newKey()

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    let body = ''
    for await (const chunk of request) body += chunk
    const endpoint = url.pathname.slice(1)
    const params = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams
    provider.calls.push({ endpoint, params, headers: request.headers })
    const json = (value: unknown, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const { tamper } = provider
    const status = tamper.status?.[endpoint]
    if (status !== undefined) return json({ error: 'invalid_grant' }, status)
    if (endpoint === 'wallet-openid-configuration') return json((tamper.discovery ?? same)(discovery()))
    if (endpoint === 'certs') return json({ keys: [signing.jwk] })
    if (endpoint === 'auth') {
      const code = randomUUID()
      codes.set(code, params)
      const answer = new URLSearchParams({ code, iss: issuer, ...(params.has('state') ? { state: params.get('state') ?? '' } : {}) })
      tamper.response?.(answer)
      return response.writeHead(303, { location: `${tamper.redirectTo ?? params.get('redirect_uri')}?${answer}` }).end()
    }
    if (endpoint === 'token') {
      const asked = codes.get(params.get('code') ?? '')
      codes.delete(params.get('code') ?? '')
      const problem = !asked ? 'invalid_grant' : refuse(asked, params, request)
      if (!asked || problem) return json({ error: problem }, 400)
      return json((tamper.token ?? same)(await tokens(asked)))
    }
    if (endpoint === 'userinfo' && !request.headers.authorization) return json({ error: 'invalid_request' }, 400)
    if (endpoint === 'userinfo') return json((tamper.userinfo ?? same)({ sub: SUB, ...provider.identity }))
    if (endpoint === 'logout')
      return response.writeHead(303, { location: `${params.get('post_logout_redirect_uri')}?state=${params.get('state')}` }).end()
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const discovery = (): Members => ({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/certs`,
    end_session_endpoint: `${issuer}/logout`,
    id_token_signing_alg_values_supported: ['RS256', 'HS256'],
    authorization_response_iss_parameter_supported: true,
  })
  const tokens = async (asked: URLSearchParams): Promise<Members> => {
    const now = Math.floor(Date.now() / 1000)
    const accessToken = randomUUID()
    const at_hash = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
    const honest = { iss: issuer, aud: CLIENT.id, azp: CLIENT.id, sub: SUB, iat: now, exp: now + 120, acr: 'eidas1', at_hash }
    const claims = (provider.tamper.claims ?? same)({ ...honest, ...(asked.has('nonce') ? { nonce: asked.get('nonce') } : {}) })
    const id_token = await (provider.tamper.sign ?? signHonestly)(claims, provider)
    return { access_token: accessToken, token_type: 'Bearer', expires_in: 120, id_token }
  }
  const provider: TinyProvider = {
    issuer,
    discoveryUrl: `${issuer}/wallet-openid-configuration`,
    get key() {
      return signing.key
    },
    get jwk() {
      return signing.jwk
    },
    rotate: async () => {
      signing = await newKey()
    },
    tamper: {},
    identity: {},
    calls: [],
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return provider
}

export const SUB = 'f:00000000-0000-4000-8000-00000000f1c7:899900000001'

export function signHonestly(claims: Members, { key, jwk }: Pick<TinyProvider, 'key' | 'jwk'>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: jwk.kid ?? '' }).sign(key)
}

function refuse(asked: URLSearchParams, params: URLSearchParams, request: IncomingMessage): string | undefined {
  const [id, secret] = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64')
    .toString()
    .split(':')
  const basic = new URLSearchParams(`id=${id}&secret=${secret}`)
  if (params.has('client_secret') || basic.get('id') !== CLIENT.id || basic.get('secret') !== CLIENT.secret) return 'invalid_client'
  if (params.get('redirect_uri') !== asked.get('redirect_uri') || /\?/.test(asked.get('redirect_uri') ?? '')) return 'invalid_grant'
  if (!asked.has('code_challenge')) return undefined
  const verifier = params.get('code_verifier') ?? ''
  const plain = asked.get('code_challenge_method') === 'plain'
  const challenge = plain ? verifier : createHash('sha256').update(verifier).digest('base64url')
  return challenge === asked.get('code_challenge') ? undefined : 'invalid_grant'
}

function same(value: Members): Members {
  return value
}
