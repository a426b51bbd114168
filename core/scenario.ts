import type { PersonaId } from './requirement.ts'

/**
 * One gesture of a scenario: what the professional, the provider or somebody who means harm does next. Gestures happen in the window
 * that was used last; a scenario begins in the window `main`.
 */
export type Step =
  /** Starts a login and stays on the provider's page; `although`: somebody is signed in already. */
  | { readonly step: 'start'; readonly although?: 'signed-in' }
  /** Answers on the provider's page as the persona of the scenario, or as another one. */
  | { readonly step: 'answer'; readonly as?: PersonaId }
  /** Both, and a look at the page afterwards. */
  | { readonly step: 'sign-in'; readonly as?: PersonaId; readonly although?: 'signed-in'; readonly moment?: 'after-retry' }
  /** Reads the page as it stands. */
  | { readonly step: 'look'; readonly moment: 'after-login' | 'look' }
  /** Starts `times` logins and leaves each on the provider's page. */
  | { readonly step: 'abandon'; readonly times: number }
  /** Many professionals sign in one after the other on this workstation, each taking over from the one before. */
  | { readonly step: 'switch-users'; readonly times: number; readonly between: readonly PersonaId[] }
  | { readonly step: 'sign-out' }
  /** Opens the protected page; `path`: this page of the product. */
  | { readonly step: 'visit'; readonly path?: string }
  /** Goes on in another window: of the `same` browser as the current one, or of a `new` one. */
  | { readonly step: 'window'; readonly name: string; readonly profile?: 'same' | 'new' }
  /** Asks for the protected page, and reads what a browser could keep of it. */
  | { readonly step: 'inspect-page' }
  /** Opens the return address that this browser was sent to last, once more. */
  | { readonly step: 'callback-again' }
  /**
   * Opens the answer that the provider held back for window `of`; `own-state`: only its code, under the state of this browser's own
   * request; `used-state`: under the state of the answer that was opened first.
   */
  | { readonly step: 'foreign-answer'; readonly of: string; readonly under?: 'own-state' | 'used-state' }
  /** Puts the product's cookies aside, or puts them into the current window. */
  | { readonly step: 'cookies'; readonly what: 'keep' | 'restore' }
  /** Finds out which cookies carry the session, and how they are protected. */
  | { readonly step: 'inspect-cookies' }
  /** Looks for secrets wherever the browser shows them to a script or to a person. */
  | { readonly step: 'scan' }
  /** Seconds go by: at the provider, or on the clock of the product's sessions; counted from a `limit` that the target declares. */
  | {
      readonly step: 'time'
      readonly at: 'provider' | 'product'
      readonly seconds: number
      readonly limit?: 'idle' | 'absolute'
    }
  /** Starts a login that should come back to `page`; `{elsewhere}` stands for an address that is not the product's, `{host}` for its host. */
  | { readonly step: 'start-towards'; readonly page: string }
  /** A third party starts the login (OpenID Connect Core 1.0 §4). */
  | { readonly step: 'start-from-elsewhere'; readonly iss?: 'other' | 'none'; readonly page?: string }
  /** A page of the provider loads the product's logout address in a frame (OpenID Connect Front-Channel Logout 1.0 §2). */
  | { readonly step: 'front-channel-logout'; readonly iss?: 'other' | 'none'; readonly sid?: 'other' | 'none' }
  /** The browser loses the cookies of the product, or of the provider. */
  | { readonly step: 'forget'; readonly whose: 'product' | 'provider' }
  /** The provider tells the product's server that the session is over (OpenID Connect Back-Channel Logout 1.0). */
  | {
      readonly step: 'back-channel-logout'
      /** Which session of the scenario, from 0, oldest first; the last one unless told. */
      readonly session?: number
      /** The token that was sent last, once more. */
      readonly replay?: boolean
      readonly method?: 'GET'
      readonly form?: 'empty' | 'id-token'
    }

/** The headers that a browser of a scenario adds to every request, as a client that means harm would. */
export type ForgedHeaders = Readonly<Record<string, string>>
