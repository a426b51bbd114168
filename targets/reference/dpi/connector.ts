import type { DpiConfiguration } from './configuration.ts'
import { createHandmadeConnector, type HandmadeMemory } from './connectors/handmade.ts'
import { createLogoutMemory } from './connectors/logout-token.ts'
import { createLibraryConnector } from './connectors/openid-client.ts'
import { type Defects, needsHandmade } from './defects.ts'
import { Refusal } from './refusal.ts'

/** Pro Santé Connect, or the hospital's other identity provider. */
export type ProviderName = 'first' | 'second'

/** What is remembered of one authorization request until its answer. */
export interface Transaction {
  /** Which provider was asked; the answer is checked against that one only. */
  readonly provider: ProviderName
  readonly state?: string
  readonly nonce?: string
  readonly verifier?: string
  readonly redirectUri: string
  /** Page of the DPI to open after the login. */
  readonly page?: string
}

/** What a validated login gives: nothing in it has been left unchecked. */
export interface VerifiedLogin {
  readonly userinfo: Readonly<Record<string, unknown>>
  /** Kept on the server for `id_token_hint`. */
  readonly idToken?: string
  readonly accessToken: string
  readonly held?: HeldTokens
  /** What the provider will name when it reports the end of the session. */
  readonly named?: SessionNames
  /** The provider that was asked: the one that the identity comes from. */
  readonly issuer: string
  /** Set by the defect `session-before-refusal` alone: the refusal comes after the session. */
  readonly late?: unknown
}

/** The tokens of an open session, kept on the server. */
export interface HeldTokens {
  readonly accessToken: string
  readonly refreshToken?: string
  /** Seconds since the epoch; undefined when the provider did not say. */
  readonly expiresAt?: number
  /** Whom the ID token of the login named. */
  readonly subject: string
}

/** By what a provider names a session (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export interface SessionNames {
  readonly sub?: string
  readonly sid?: string
}

/** A request that waits on a professional's phone (OpenID CIBA Core 1.0 §7.3). */
export interface PhoneRequest {
  readonly authReqId: string
  /** Seconds. */
  readonly expiresIn: number
  readonly interval: number
  /** Seconds since the epoch: nothing issued before answers it. */
  readonly askedAt: number
}

/** The OpenID Connect side of the DPI; every method may throw a `Refusal`. */
export interface Connector {
  /** An authorization request (OpenID Connect Core 1.0 §3.1.2.1), new at each call. */
  begin(): Promise<{ readonly url: URL; readonly transaction: Transaction }>
  /** From the parameters of the authorization response to the verified identity (§3.1.2.7, §3.1.3, §5.3). */
  complete(response: URLSearchParams, transaction: Transaction): Promise<VerifiedLogin>
  /** The identity anew, with the held tokens or their successors (OpenID Connect Core 1.0 §12). */
  renew(held: HeldTokens): Promise<{ readonly userinfo: Readonly<Record<string, unknown>>; readonly held: HeldTokens }>
  /** Sends a request to the professional's phone (CIBA §7.1). */
  askPhone(request: { readonly nationalId: string; readonly bindingMessage: string }): Promise<PhoneRequest>
  /** Asks once whether the phone has answered (CIBA §10.1); the caller keeps the pace. */
  poll(request: PhoneRequest): Promise<VerifiedLogin | 'pending' | 'slow-down'>
  /** Address of the RP-initiated logout, or null when the provider has none. */
  endSession(request: { readonly idToken: string | undefined; readonly state: string }): Promise<URL | null>
  /** The session that a logout token names (OpenID Connect Back-Channel Logout 1.0 §2.6). */
  readLogoutToken(token: string): Promise<SessionNames>
}

/** Picks the connector: the configured one, or the handmade one as soon as it has to deviate. */
export function createConnectors(configuration: DpiConfiguration): (defects: Defects, provider?: ProviderName) => Connector {
  const memory: HandmadeMemory = { keys: new Map(), logout: createLogoutMemory() }
  return (defects, provider = 'first') => {
    const settings = provider === 'first' ? configuration : ofSecond(configuration, defects)
    return configuration.connector === 'handmade' || needsHandmade(defects)
      ? createHandmadeConnector(settings, provider, defects, memory)
      : createLibraryConnector(settings, provider, memory.logout)
  }
}

/** The same DPI in front of its other provider: nothing of the first one's client is used there. */
function ofSecond(configuration: DpiConfiguration, defects: Defects): DpiConfiguration {
  const { second, ...first } = configuration
  if (!second) throw new Refusal('not-found', 'second')
  const secret = defects.has('one-secret-for-all') ? first.client.secret : second.client.secret
  const redirectUri = defects.has('shared-redirect-without-iss') ? first.redirectUri : second.redirectUri
  return { ...first, ...second, client: { ...second.client, secret }, redirectUri }
}
