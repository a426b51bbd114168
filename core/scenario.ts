import type { PersonaId } from './requirement.ts'

/**
 * One gesture of a scenario: what the professional, the provider or somebody who means harm does next. Gestures happen in the window
 * that was used last; a scenario begins in the window `main`.
 */
export type Step =
  /** Starts a login and stays on the provider's page. */
  | { readonly step: 'start' }
  /** Answers on the provider's page as the persona of the scenario, or as another one. */
  | { readonly step: 'answer'; readonly as?: PersonaId }
  /** Both, and a look at the page afterwards. */
  | { readonly step: 'sign-in'; readonly as?: PersonaId }
  | { readonly step: 'sign-out' }
  /** Opens the protected page; `path`: this page of the product. */
  | { readonly step: 'visit'; readonly path?: string }
  /** Goes on in another window: of the `same` browser as the current one, or of a `new` one. */
  | { readonly step: 'window'; readonly name: string; readonly profile?: 'same' | 'new' }
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
