import type { Json } from '#core/fault.ts'
import type { Account } from './profile.ts'

/** What one provider may know of another that stands beside it: what is public, and whom it knows. */
export interface Peer {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userinfoEndpoint: string
  readonly jwksUri: string
  /** The product's client there. */
  readonly clientId: string
  readonly redirectUri: string
  readonly accounts: readonly Account[]
  /** The flow that a code or token issued there belongs to: what one provider issued may be brought to the other. */
  flowOf(handle: string): string | undefined
}

/** Names of faults that point at the other provider; the `peer-…` of a person are those of the flow's own persona there. */
export function peerSymbols(peer: Peer | undefined, persona: string): Readonly<Record<string, () => Json>> {
  if (!peer) return {}
  const account = peer.accounts.find(({ id }) => id === persona)
  const claim = (name: string) => () => account?.claims[name] ?? ''
  return {
    'peer-issuer': () => peer.issuer,
    'peer-authorization-endpoint': () => peer.authorizationEndpoint,
    'peer-token-endpoint': () => peer.tokenEndpoint,
    'peer-userinfo-endpoint': () => peer.userinfoEndpoint,
    'peer-jwks-uri': () => peer.jwksUri,
    'peer-subject': () => account?.subject ?? '',
    'peer-national-id': () => account?.nationalId ?? '',
    'peer-email': claim('email'),
    'peer-given-name': claim('given_name'),
    'peer-family-name': claim('family_name'),
    'peer-other-ids': claim('otherIds'),
  }
}

/**
 * Where a hostile provider sends the browser: to the other one, as if the product had asked there. State, nonce and challenge are
 * those of the product's own request (the mix-up attack, RFC 9700 §4.4).
 */
export function forwarded(query: URLSearchParams, peer: Peer): string {
  const url = new URL(peer.authorizationEndpoint)
  for (const [name, value] of query) url.searchParams.set(name, value)
  url.searchParams.set('client_id', peer.clientId)
  url.searchParams.set('redirect_uri', peer.redirectUri)
  return url.href
}
