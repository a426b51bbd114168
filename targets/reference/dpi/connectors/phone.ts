import type { DpiConfiguration } from '../configuration.ts'
import type { PhoneRequest } from '../connector.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'
import { authenticate } from './client-authentication.ts'
import { endpoint, type Metadata } from './metadata.ts'
import { readTokens, type Tokens } from './token.ts'

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'
/** Seconds between two polls when the provider declares none (OpenID CIBA Core 1.0 §7.3). */
export const DEFAULT_INTERVAL = 5

/** What is said to the provider about the professional (CIBA §7.1); the phone shows the binding message. */
export function phoneParameters({ scope, acrValues }: DpiConfiguration, nationalId: string, bindingMessage: string): Record<string, string> {
  return { scope, acr_values: acrValues, login_hint: nationalId, binding_message: bindingMessage, channel: 'MOBILE' }
}

/** The request to the phone, by hand. */
export async function askPhone(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  { nationalId, bindingMessage }: { readonly nationalId: string; readonly bindingMessage: string },
  defects: Defects,
): Promise<PhoneRequest> {
  const { acr_values, ...always } = phoneParameters(configuration, nationalId, bindingMessage)
  const form = new URLSearchParams({ ...always, ...(defects.has('no-acr-values') ? {} : { acr_values: acr_values ?? '' }) })
  const askedAt = Math.floor(Date.now() / 1000)
  const response = await post(configuration, call, metadata.backchannel_authentication_endpoint ?? '', form, defects)
  if (response.status !== 200) throw phoneRefusal(await errorOf(response))
  const { auth_req_id: authReqId, expires_in: expiresIn, interval } = await readObject(response, 'ciba')
  const lax = defects.has('accepts-incomplete-phone-answer')
  if (typeof authReqId !== 'string' && !lax) throw new Refusal('untrusted', 'ciba.auth_req_id')
  if (typeof expiresIn !== 'number' && !lax) throw new Refusal('untrusted', 'ciba.expires_in')
  return {
    authReqId: String(authReqId),
    expiresIn: typeof expiresIn === 'number' ? expiresIn : 120,
    interval: typeof interval === 'number' ? interval : DEFAULT_INTERVAL,
    askedAt,
  }
}

/** One poll, by hand. */
export async function pollPhone(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  { authReqId }: PhoneRequest,
  defects: Defects,
): Promise<Tokens | 'pending' | 'slow-down'> {
  const form = new URLSearchParams({ grant_type: CIBA_GRANT, auth_req_id: authReqId })
  const response = await post(configuration, call, endpoint(metadata, 'token_endpoint', configuration), form, defects)
  if (response.status === 200) {
    return readTokens(await readObject(response, 'token'), defects)
  }
  const error = await errorOf(response)
  const waiting = stillWaiting(error)
  if (waiting) return waiting
  throw phoneRefusal(error)
}

/** The two errors after which one asks again (CIBA §11). */
export function stillWaiting(error: string): 'pending' | 'slow-down' | undefined {
  return error === 'authorization_pending' ? 'pending' : error === 'slow_down' ? 'slow-down' : undefined
}

/** The refusal that an error of CIBA §11 or §13 stands for. */
export function phoneRefusal(error: string): Refusal {
  if (error === 'access_denied') return new Refusal('cancelled', error)
  if (error === 'expired_token') return new Refusal('expired', error)
  if (error === 'unknown_user_id') return new Refusal('unknown-professional', error)
  return new Refusal('provider-error', `ciba.${error}`)
}

async function post(configuration: DpiConfiguration, call: BackChannel, url: string, form: URLSearchParams, defects: Defects): Promise<Response> {
  const headers = await authenticate(configuration, form, defects)
  return call(url, {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
}

async function errorOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined)
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : ''
  return /^[a-z_]{1,40}$/.test(error) ? error : `http-${response.status}`
}
