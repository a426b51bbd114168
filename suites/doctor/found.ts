import { type Exchange, exchangesAt, type Journal, type Observation, of } from '#core/journal.ts'
import type { AdviceId } from '#core/requirement.ts'
import type { Evidence, Hop } from './evidence.ts'

/** A misconfiguration as a check finds it; the rest stands in the advice of that name. */
export interface Found {
  readonly id: AdviceId
  /** French, with the values that were seen. */
  readonly seen: string
  readonly state?: 'attention' | 'erreur'
  readonly target?: string
  readonly change?: string
}

/** What one topic shows: what is well, or what is not; neither when it could not be looked at. */
export interface Look {
  readonly well?: string
  readonly unseen?: string
  readonly found?: readonly Found[]
}
export type Check = (evidence: Evidence) => Look

/** The login's landmarks, as the checks need them. */
export function landmarks({ login, stray, hops, facts }: Evidence) {
  const asked = exchangesAt(login, 'authorization').filter(({ params }) => 'client_id' in params || 'redirect_uri' in params)
  const request = asked[0]
  const back = request?.params['redirect_uri'] ?? facts?.redirectUri ?? ''
  const callbacks = [back, facts?.redirectUri ?? back, onItsOrigin(back, facts?.baseUrl)].filter(Boolean).map((url) => url.split('?')[0] ?? '')
  const look: Observation | undefined = of(login, 'observation').find(({ moment }) => moment === 'after-login')
  const token: Exchange | undefined = exchangesAt(login, 'token')[0]
  return {
    asked,
    request,
    /** The answer carried an error of the provider. */
    refused: exchangesAt(login, 'authorization').find(({ error }) => error)?.error,
    callback: hops.find(({ url }) => callbacks.includes(url)),
    token,
    issued: token !== undefined && token.status === 200,
    userinfo: exchangesAt(login, 'userinfo')[0],
    discovery: exchangesAt(stray, 'discovery'),
    trouble: of(login, 'trouble')[0],
    look,
    canary: look?.signedIn === 'canari',
    /** The product's server spoke to the simulator at least once. */
    reached: stray.some(({ kind }) => kind === 'exchange') || login.some((entry) => entry.kind === 'exchange' && entry.channel === 'back-channel'),
  }
}

/** Where a lenient provider carries the answer, when the address that was asked for has another origin than the product. */
function onItsOrigin(url: string, baseUrl: string | undefined): string {
  return baseUrl && URL.canParse(url) ? new URL(new URL(url).pathname, baseUrl).href : ''
}

/** Connections to the simulator that came to nothing: OpenSSL's code and the name that was asked for. */
export function tlsTroubles(stray: Journal): { readonly code: string; readonly host: string; readonly name: string }[] {
  return of(stray, 'provider-event')
    .filter(({ event }) => event === 'tls-refused')
    .map(({ detail }) => ({ code: detail?.['code'] ?? '', host: detail?.['host'] ?? '', name: detail?.['name'] ?? '' }))
}

/** Where the product sent the browser with an authorization request that was not for the simulator. */
export function elsewhere({ hops, facts }: Evidence): Hop | undefined {
  return hops.find(({ url, params }) => 'client_id' in params && 'response_type' in params && new URL(url).origin !== facts?.baseUrl)
}

export const shortened = (text: string, most = 200): string => {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat
}
