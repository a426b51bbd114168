import { createHash, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:https'

export interface Endpoints {
  readonly authorization: string
  readonly token: string
  readonly userinfo: string
}

/** Drives whole authorization-code flows over keep-alive HTTPS: request, page, choice, resume, token, userinfo. */
export function createLoad(ca: string, client: { id: string; secret: string; redirectUri: string }, persona: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca })
  const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`

  function call(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; location: string; cookies: string[]; text: string }> {
    const { hostname, port, pathname, search, host } = new URL(url)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path: pathname + search,
          method,
          agent,
          servername: hostname,
          headers: {
            host,
            ...headers,
            ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          let text = ''
          incoming.setEncoding('utf8').on('data', (chunk) => {
            text += chunk
          })
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              location: incoming.headers.location ?? '',
              cookies: incoming.headers['set-cookie'] ?? [],
              text,
            }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  async function flow(endpoints: Endpoints, cookie: string): Promise<void> {
    const jar = new Map<string, string>()
    const send = async (method: string, url: string, body?: string) => {
      const answer = await call(
        method,
        url,
        { cookie: [cookie, ...[...jar].map(([name, value]) => `${name}=${value}`)].filter(Boolean).join('; ') },
        body,
      )
      for (const set of answer.cookies) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
        jar.set(name, value)
      }
      return answer
    }
    const verifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'openid scope_all',
      acr_values: 'eidas1',
      state: randomBytes(16).toString('hex'),
      nonce: randomBytes(16).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const asked = await send('GET', `${endpoints.authorization}?${query}`)
    const page = new URL(asked.location, endpoints.authorization).href
    await send('GET', page)
    const chosen = await send('POST', page, new URLSearchParams({ identite: persona, moyen: 'card' }).toString())
    const resumed = await send('GET', new URL(chosen.location, endpoints.authorization).href)
    const code = new URL(resumed.location).searchParams.get('code') ?? ''
    const token = await call(
      'POST',
      endpoints.token,
      { authorization: basic },
      new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: client.redirectUri, code_verifier: verifier }).toString(),
    )
    const { access_token: accessToken } = JSON.parse(token.text) as { access_token: string }
    const identity = await call('GET', endpoints.userinfo, { authorization: `Bearer ${accessToken}` })
    if (identity.status !== 200) throw new Error(`userinfo ${identity.status}`)
  }

  return {
    /** Flows per second over `total` flows, `concurrency` at a time. */
    async rate(endpoints: Endpoints, total: number, concurrency: number, cookieOf: (index: number) => string): Promise<number> {
      let next = 0
      const started = performance.now()
      await Promise.all(
        Array.from({ length: concurrency }, async () => {
          for (let index = next++; index < total; index = next++) await flow(endpoints, cookieOf(index))
        }),
      )
      return total / ((performance.now() - started) / 1000)
    },
    close: () => agent.destroy(),
  }
}
