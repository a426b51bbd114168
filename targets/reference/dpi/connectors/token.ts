import type { DpiConfiguration } from '../configuration.ts'
import type { Transaction } from '../connector.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'
import { authenticate } from './client-authentication.ts'
import { endpoint, type Metadata } from './metadata.ts'
import { unknownMember } from './unknown-members.ts'

/** What the token endpoint gave. */
export interface Tokens {
  readonly accessToken: string
  readonly idToken?: string
  readonly refreshToken?: string
  readonly expiresIn?: unknown
}

/** Redeems a code, once (OpenID Connect Core 1.0 §3.1.3.1 to §3.1.3.4). */
export async function redeem(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  code: string,
  transaction: Transaction,
  defects: Defects,
): Promise<Tokens> {
  const send = async () => {
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: transaction.redirectUri })
    if (transaction.verifier !== undefined && !defects.has('drops-verifier')) form.set('code_verifier', transaction.verifier)
    const headers = await authenticate(configuration, form, defects)
    return call(endpoint(metadata, 'token_endpoint', configuration), {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
  }
  const again = defects.has('retries-refused-code')
  const first = await send().catch((error: unknown) => (again ? send() : Promise.reject(error)))
  const response = again && first.status !== 200 ? await send() : first
  if (response.status !== 200 && !defects.has('ignores-token-status')) throw new Refusal('provider-error', `token.${await errorOf(response)}`)
  return readTokens(await readObject(response, 'token', defects), defects)
}

/** Asks for new tokens (RFC 6749 §6). */
export async function refreshTokens(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  refreshToken: string,
  defects: Defects,
): Promise<Tokens> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const headers = await authenticate(configuration, form, defects)
  const response = await call(endpoint(metadata, 'token_endpoint', configuration), {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  if (response.status !== 200) throw new Refusal('provider-error', `refresh.${await errorOf(response)}`)
  return readTokens(await readObject(response, 'token', defects), defects)
}

/** What an answer of the token endpoint holds, whatever the grant. */
export function readTokens(answer: Record<string, unknown>, defects: Defects): Tokens {
  const { access_token: accessToken, token_type: type, id_token: idToken } = answer
  const unforeseen = unknownMember('token-member', Object.keys(answer))
  if (defects.has('crashes-on-unknown-token-member') && unforeseen) throw new TypeError(`unexpected member: ${unforeseen}`)
  if (defects.has('requires-every-token-member') && ['expires_in', 'scope', 'refresh_token'].some((member) => answer[member] === undefined))
    throw new Refusal('untrusted', 'token.member')
  if (defects.has('strict-expires-in') && typeof answer['expires_in'] !== 'number') throw new Refusal('untrusted', 'token.expires_in')
  if (typeof accessToken !== 'string' || accessToken === '') throw new Refusal('untrusted', 'token.access_token')
  if (typeof type !== 'string' || (defects.has('token-type-case-sensitive') ? type !== 'Bearer' : type.toLowerCase() !== 'bearer')) {
    throw new Refusal('untrusted', 'token.token_type')
  }
  if (idToken !== undefined && typeof idToken !== 'string') throw new Refusal('untrusted', 'token.id_token')
  const refreshToken = answer['refresh_token']
  return {
    accessToken,
    ...(idToken ? { idToken } : {}),
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
    expiresIn: answer['expires_in'],
  }
}

async function errorOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined)
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : ''
  return /^[a-z_]{1,40}$/.test(error) ? error : `http-${response.status}`
}
