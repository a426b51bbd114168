import type { Json } from '#core/fault.ts'
import type { Means } from '#core/module.ts'
import type { ClientAuth } from '#core/target.ts'

/**
 * Who the provider plays: data only, handed in by whoever starts it. `{issuer}`, `{wallet}` and `{auth}` in the discovery
 * document stand for the addresses of this run.
 */
export interface OpProfile {
  readonly id: string
  readonly title: string
  /** Host names of the page where the professional signs in, of everything else, and of an address that nobody should call. */
  readonly hosts: { readonly wallet: string; readonly auth: string; readonly probe: string }
  /** Name of the session cookie; Keycloak's unless told. Two providers under one domain need two. */
  readonly sessionCookie?: string
  readonly realmPath: string
  readonly authorizationPath: string
  /** Paths under the realm. */
  readonly paths: {
    readonly token: string
    readonly userinfo: string
    readonly jwks: string
    readonly endSession: string
    readonly introspection: string
    readonly revocation: string
    readonly ciba: string
    readonly par: string
  }
  /** Last segments of the well-known documents that exist: name → does it advertise the wallet's authorization endpoint. */
  readonly wellKnown: Readonly<Record<string, boolean>>
  readonly discovery: { readonly [member: string]: Json }
  /** Seconds. */
  readonly lifetimes: {
    readonly code: number
    readonly idToken: number
    readonly accessToken: number
    readonly refreshToken: number
    readonly session: number
    readonly sessionIdle: number
    readonly cibaRequest: number
    readonly cibaInterval: number
  }
  readonly scopes: readonly string[]
  /** Scope that opens the whole identity. */
  readonly identityScope: string
  readonly acr: string
  readonly means: Readonly<Record<Means, { readonly label: string; readonly amr: readonly string[] }>>
}

/** A professional as the provider knows them. */
export interface Account {
  readonly id: string
  readonly title: string
  /** National identifier: SubjectNameID and preferred_username. */
  readonly nationalId: string
  /** `sub`: `f:<uuid of the user storage>:<national identifier>`. */
  readonly subject: string
  readonly claims: { readonly [claim: string]: Json }
}

/** A client of a run: the product under test, or the same product configured otherwise. */
export interface ClientRegistration {
  readonly id: string
  readonly auth: ClientAuth
  readonly secret?: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] }
  /** RFC 4514 subject of the client certificate (tls_client_auth). */
  readonly certificateSubject?: string
  readonly ciba?: boolean
  /** Where the end of a session is reported (Back-Channel Logout 1.0 §2.2). */
  readonly backchannelLogoutUri?: string
  /** Where it is reported in a frame (Front-Channel Logout 1.0 §2). */
  readonly frontchannelLogoutUri?: string
  /** Origins whose pages may read the provider's answers (CORS): those of a public client that runs in the browser. */
  readonly origins?: readonly string[]
  /** Algorithm of its ID tokens; `RS256` unless told. */
  readonly idTokenAlg?: 'RS256' | 'PS256' | 'ES256'
}
