import { ErrorResponse } from 'oidc-client-ts'
import { client, metadata } from './provider.ts'
import { Refusal } from './refusal.ts'
import { configuration, has } from './settings.ts'

/** What the exchange of a code gave, and what the request had noted. */
export interface Exchanged {
  readonly accessToken: string
  readonly idToken?: string
  readonly nonce?: string
  readonly returnTo?: string
  readonly subject?: unknown
}

/** A request as the library keeps it in the tab. */
interface Kept {
  readonly id: string
  readonly code_verifier?: string
  readonly nonce?: string
  readonly data?: { readonly returnTo?: string }
}

/** Checks the answer before anything is sent (RFC 9207 §2.4), then exchanges its code, once. */
export async function exchange(arrived: URL): Promise<Exchanged> {
  const { searchParams: answer } = arrived
  for (const name of ['iss', 'state', 'code', 'error']) if (answer.getAll(name).length > 1) throw new Refusal('untrusted', `retour.${name}-repete`)
  const { authorization_response_iss_parameter_supported: announced } = await metadata()
  checkIssuer(answer.get('iss'), announced === true)
  const kept = pending(answer.get('state'))
  if (!kept) throw new Refusal(answer.get('error') === 'access_denied' ? 'cancelled' : 'not-asked', 'retour.state')
  answer.set('state', kept.id)
  if (byHand()) return exchangeByHand(answer, kept)
  try {
    const response = await client.processSigninResponse(arrived.href)
    if (response.token_type?.toLowerCase() !== 'bearer') throw new Refusal('untrusted', 'jetons.type')
    return { ...noted(kept), accessToken: response.access_token, ...(response.id_token ? { idToken: response.id_token } : {}) }
  } catch (error) {
    throw translate(error)
  }
}

function checkIssuer(iss: string | null, announced: boolean): void {
  if (has('ignores-response-iss')) return
  if (iss === null ? announced && !has('ignores-missing-response-iss') : iss !== configuration.issuer) throw new Refusal('untrusted', 'retour.iss')
}

/** The request of this tab that a state belongs to. */
function pending(state: string | null): Kept | undefined {
  const requests = Object.keys(sessionStorage)
    .filter((key) => key.startsWith('oidc.'))
    .map((key) => JSON.parse(sessionStorage.getItem(key) ?? '{}') as Kept)
  return requests.find(({ id }) => id === state) ?? (has('ignores-state') ? requests.at(-1) : undefined)
}

function noted({ nonce, data }: Kept): Pick<Exchanged, 'nonce' | 'returnTo'> {
  return { ...(nonce ? { nonce } : {}), ...(data?.returnTo ? { returnTo: data.returnTo } : {}) }
}

/** The library compares nonce and subject itself: these defects must do without it. */
function byHand(): boolean {
  return (['ignores-nonce', 'accepts-malformed-sub', 'ignores-missing-id-token'] as const).some(has)
}

async function exchangeByHand(answer: URLSearchParams, kept: Kept): Promise<Exchanged> {
  sessionStorage.removeItem(`oidc.${kept.id}`)
  if (answer.has('error')) throw refusalOf(answer.get('error'))
  const { token_endpoint = '' } = await metadata()
  const form = { grant_type: 'authorization_code', code: answer.get('code') ?? '', redirect_uri: configuration.redirectUri }
  const body = new URLSearchParams({ ...form, client_id: configuration.clientId, code_verifier: kept.code_verifier ?? '' })
  const response = await fetch(token_endpoint, { method: 'POST', body })
  if (!response.ok) throw new Refusal('provider', 'jetons')
  const { access_token, id_token } = (await response.json()) as { access_token: string; id_token?: string }
  return { ...noted(kept), accessToken: access_token, ...(id_token ? { idToken: id_token } : {}) }
}

/** The library's errors in the words of the page. */
function translate(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof ErrorResponse) return refusalOf(error.error)
  if (error instanceof TypeError) return new Refusal('unavailable', 'jetons')
  const status = /\((\d{3})\)/.exec(error instanceof Error ? error.message : '')?.[1]
  return new Refusal(status?.startsWith('5') ? 'unavailable' : 'untrusted', 'jetons')
}

function refusalOf(error: string | null): Refusal {
  if (error === 'access_denied') return new Refusal('cancelled', 'retour.access_denied')
  if (error === 'temporarily_unavailable' || error === 'server_error') return new Refusal('unavailable', `retour.${error}`)
  return new Refusal('provider', 'retour.erreur')
}
