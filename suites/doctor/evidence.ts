import type { ErrorCode } from '#core/errors.ts'
import type { Journal } from '#core/journal.ts'
import type { Target } from '#core/target.ts'
import type { RunFacts } from '../cast.ts'

/** A cookie as a response sets it: never its value. */
export interface CookieSet {
  readonly name: string
  readonly secure: boolean
  readonly sameSite?: string
  readonly domain?: string
  readonly path?: string
  /** The response takes the cookie away. */
  readonly removed: boolean
}

/** One document request of the browser, or a hop of a redirection, at the product or wherever the product sent it. */
export interface Hop {
  readonly method: string
  /** Origin and path. */
  readonly url: string
  /** Parameters of the query that no secret hides in. */
  readonly params: Readonly<Record<string, string>>
  /** Null when no answer came: `failure` says why, in the browser's word. */
  readonly status: number | null
  readonly failure?: string
  /** Origin and path of the redirection. */
  readonly location?: string
  readonly setCookies: readonly CookieSet[]
  /** Names of the cookies that went with the request. */
  readonly cookies: readonly string[]
}

/** What our own connection to the product met. */
export interface Reach {
  readonly url: string
  readonly hostname: string
  readonly port: number
  readonly connection: 'open' | 'unresolved' | 'refused' | 'silent'
  /** Present for an https address on which something listens. */
  readonly tls?: {
    /** OpenSSL's code when no TLS session came about. */
    readonly failed?: string
    readonly matchesName?: boolean
    /** Names that the certificate holds. */
    readonly names?: readonly string[]
    /** Neither a public authority nor ours. */
    readonly untrusted?: string
    /** JJ/MM/AAAA. */
    readonly notAfter?: string
    readonly expired?: boolean
  }
  readonly status?: number
  /** Milliseconds that the product's clock (`Date` header) is ahead of ours at least; 0 within the precision of the header. */
  readonly skew?: number
}

/** A link or a button of a page, by the name that a person reads. */
export interface Offer {
  readonly role: 'link' | 'button'
  readonly name: string
}

/** All that the doctor saw: plain data, from which every diagnosis is a pure function. */
export interface Evidence {
  readonly target: Target
  readonly targetFile: string
  /** Absent when the actors did not come on stage: `failure` says why. */
  readonly facts?: RunFacts
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly fix: string; readonly path: string }
  readonly reach?: Reach
  /** The protected page, opened by nobody. */
  readonly nobody: Journal
  /** One honest login of the canary. */
  readonly login: Journal
  /** One honest logout, when the login went well and the target says that there is one. */
  readonly logout?: Journal
  /** What no flow could claim: discovery, keys, connections that came to nothing. */
  readonly stray: Journal
  /** The browser's path during the login, outside the simulator. */
  readonly hops: readonly Hop[]
  readonly logoutHops?: readonly Hop[]
  /** Links and buttons of the page on which a gesture of the driver found nothing. */
  readonly offered?: readonly Offer[]
  /** Last lines of the product's output, masked. */
  readonly log: readonly string[]
}
