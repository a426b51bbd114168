import type { ClientRecipe, Recipe } from './driver.ts'
import type { PersonaId } from './requirement.ts'
import type { ResponseMode, SigningAlg, VariantId } from './variant.ts'

export type TargetRole = 'relying-party'
/** `none`: a public client, which proves itself with PKCE alone (RFC 8252 §8.5, RFC 7636). */
export type ClientAuth = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'tls_client_auth'
/** What a relying party may be able to do; what is not declared is not asked of it. */
export type Capability =
  | 'code-flow'
  | 'rp-initiated-logout'
  | 'logout-state'
  | 'exercise-choice'
  | 'userinfo'
  | 'local-directory'
  | 'response-iss'
  | 'acr-check'
  | 'amr-check'
  | 'max-age'
  /** The product renews its access token, and the recipe says by which gesture the identity is read anew. */
  | 'refresh-token'
  /** The product reads a UserInfo that is a signed JWT, and verifies it. */
  | 'signed-userinfo'
  /** The product's server calls the provider; not the browser, which has network rules of its own. */
  | 'server-side-calls'
  | 'two-providers'
  | 'ciba'
  /** It holds a client secret: a public client has none that could be taken for a key. */
  | 'client-secret'
  /** It is a program of the workstation that opens the system's browser and listens on loopback (RFC 8252). */
  | 'thick-client'
  /** The OpenID Connect client is the page itself, which holds its tokens in the browser. */
  | 'browser-client'
  | 'back-channel-logout'
  | 'front-channel-logout'
  /** It reads the discovery document at each login, not once at its start. */
  | 'discovery-at-login'
  /** Before a key that it does not know, it reads the published keys again at once. */
  | 'key-refresh'
  /** Its session is carried by a cookie of the browser, and its pages come from its server. */
  | 'cookie-session'
  /** A login can be started although somebody is signed in (`driver.takeOver`). */
  | 'take-over'
  /** The login remembers the page to come back to (`returnTo`). */
  | 'return-to'
  /** A third party may start a login (`client.initiateLoginUri`). */
  | 'third-party-login'
  /** The clock of its sessions can be set (`HOSPICERT_CLOCK_FILE`), and it says how long they last (`sessions`). */
  | 'injected-clock'

/** How one persona shows in the target's pages. */
export interface TargetPersona {
  /** Text by which the page of a signed-in professional is recognised; unique among the personas. */
  readonly needle: string
  /** The professional is unknown to the target's directory. */
  readonly unknown?: boolean
  /** The professional has an account there that was deactivated. */
  readonly deactivated?: boolean
}

/** The product under test, as its file says (`fixtures/schema/target.schema.json`). */
export interface Target {
  readonly $schema?: string
  readonly id: string
  readonly role: TargetRole
  readonly product: { readonly name: string; readonly version: string; readonly vendor?: string }
  /** `production` is refused. */
  readonly environment: 'development' | 'integration' | 'pre-production' | 'production'
  readonly authorisedBy: { readonly name: string; readonly role: string; readonly date: string }
  /** Origin of the target as the browser sees it. Port 0: any free port (with `start` only). */
  readonly baseUrl: string
  readonly client: {
    readonly id: string
    readonly auth: ClientAuth
    /** Name of the environment variable that holds the secret; without it and with `start`, one is made at run time. */
    readonly secretEnv?: string
    /** Path of the callback, or a full URL. */
    readonly redirectUri: string
    readonly postLogoutRedirectUri?: string
    /** How the answer comes back; `query` unless told. */
    readonly responseMode?: ResponseMode
    /** Algorithm agreed for the ID token; `RS256` unless told. */
    readonly idTokenAlg?: SigningAlg
    /** Where the provider reports the end of a session: to the server, or in a frame. */
    readonly backchannelLogoutUri?: string
    readonly frontchannelLogoutUri?: string
    /** Where a third party starts a login (OpenID Connect Core 1.0 §4). */
    readonly initiateLoginUri?: string
    readonly scope?: string
    readonly acrValues?: string
    /** Public keys of a private_key_jwt client, or the subject of its certificate for tls_client_auth. */
    readonly jwksFile?: string
    readonly certificateSubject?: string
  }
  /**
   * Other configurations of the same product, which the plan plays too. With `start` the harness starts the product again for each; without it,
   * the address of the product configured so, and its client.
   */
  readonly variants?: Readonly<
    Partial<
      Record<
        VariantId,
        { readonly baseUrl?: string; readonly clientId?: string; readonly secretEnv?: string; readonly env?: Readonly<Record<string, string>> }
      >
    >
  >
  readonly simulator?: {
    /** Ports of the two hosts; 0 for any free port. */
    readonly ports?: { readonly wallet: number; readonly auth: number }
    readonly discovery?: 'wallet' | 'standard'
  }
  /**
   * Capability `two-providers`: a second provider that the product offers beside the first. `driver.loginSecond` chooses it.
   */
  readonly secondProvider?: {
    /** Path of its callback, or a full URL; the same as `client.redirectUri` when the product has only one. */
    readonly redirectUri: string
    /** Client id that the second provider gives to the product; that of the first unless told, since a hostile provider may choose it. */
    readonly clientId?: string
    /** Name of the environment variable that holds the secret; without it and with `start`, one is made at run time. */
    readonly secretEnv?: string
  }
  readonly capabilities: readonly Capability[]
  /** Capability → why the target does not have it (French); printed in the report. */
  readonly notSupported?: Readonly<Partial<Record<Capability, string>>>
  readonly personas: Readonly<Partial<Record<PersonaId, TargetPersona>>>
  /** A recipe, of a website or of a client of the workstation, or the path of a `.driver.ts` beside the file. */
  readonly driver: Recipe | ClientRecipe | string
  readonly start?: {
    readonly command: readonly string[]
    /** Working folder, relative to the target file. */
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    /** Path or URL that answers below 500 once the product is ready. */
    readonly readyUrl: string
    /** Milliseconds. */
    readonly readyWithin?: number
    /** Gives the process a private /etc/hosts (Linux, root) so that it resolves the simulator's names. */
    readonly privateHosts?: boolean
  }
  /** Names that the browser must resolve to a given address. */
  readonly hosts?: Readonly<Record<string, string>>
  /** How the login is told which page to come back to: path that starts it, names of the parameter, and a page of the product. */
  readonly returnTo?: { readonly start: string; readonly parameters: readonly string[]; readonly page: string }
  /** How long a session lasts, in seconds: without activity, and at most. */
  readonly sessions?: { readonly idle?: number; readonly absolute?: number }
  /** Milliseconds. */
  readonly timing?: { readonly page?: number; readonly outcome?: number }
  /** Signed exceptions: unit id → owner, justification, end date (AAAA-MM-JJ). */
  readonly acceptedRisks?: Readonly<Record<string, { readonly owner: string; readonly justification: string; readonly until: string }>>
}
