import type { Page } from 'playwright'
import type { PersonaId } from './requirement.ts'

/** How an element is found, as a person would name it. Exactly one of the members. */
export type Locator =
  | { readonly role: string; readonly name?: string; readonly exact?: boolean }
  | { readonly label: string }
  | { readonly text: string }
  | { readonly testId: string }
  | { readonly css: string }

/** One gesture of a declarative recipe. */
export type Gesture =
  | { readonly click: Locator }
  | { readonly fill: Locator; readonly value: string }
  | { readonly select: Locator; readonly option: string }
  | { readonly press: string }
  | { readonly goto: string }

/**
 * The declarative driver of a web application: no code needed.
 * `signedIn` is the element that shows who is signed in (the needle is looked for in its text);
 * `signedOut` is an element that is only there when nobody is.
 */
export interface Recipe {
  /** Path of a page that needs a login, relative to the base URL. */
  readonly start: string
  /** Gestures from the start page to the authorization request. Empty when the start page redirects at once. */
  readonly login: readonly Gesture[]
  /**
   * Signing in by phone, without leaving the product (capability `ciba`). `{idNat}` in a gesture's `value` is the national identifier;
   * `waiting` shows while the phone has not answered; `proceed` asks the product to look again, when it does not by itself.
   */
  readonly phone?: { readonly login: readonly Gesture[]; readonly waiting: Locator; readonly proceed?: readonly Gesture[] }
  /** The same to the second provider (capability `two-providers`). */
  readonly loginSecond?: readonly Gesture[]
  readonly signedIn: Locator
  readonly signedOut: Locator
  /** Where the target tells the professional that the login was refused. */
  readonly refusal?: Locator
  /** When the target asks in which exercise the professional works: what shows the question, and the choices that it offers. */
  readonly chooseExercise?: { readonly when: Locator; readonly options: Locator }
  /** Gestures by which a signed-in professional has the identity read anew (capability `refresh-token`). */
  readonly refresh?: readonly Gesture[]
  readonly signOut?: readonly Gesture[]
  /** From any page to the authorization request although somebody is signed in. */
  readonly takeOver?: readonly Gesture[]
}

/**
 * The declarative driver of a client of the workstation that speaks on a terminal, opens the system's browser and listens on loopback
 * (RFC 8252). The harness starts one for each workstation of a scene, with the environment that a started product gets and a `BROWSER` command
 * that hands the address to the browser of the bench. What is written, and regular expressions of what is read; the last one that matches
 * since the last command tells the state.
 */
export interface ClientRecipe {
  readonly client: {
    readonly command: readonly string[]
    /** Working folder, relative to the target file. */
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
  }
  /** Lines written on its standard input: sign in, tell who is signed in, sign out. */
  readonly login: string
  readonly status: string
  readonly signOut?: string
  readonly signedIn: string
  readonly signedOut: string
  readonly refusal?: string
  /** The question, one choice a match of `options` (its first group), and the line that takes the first one. */
  readonly chooseExercise?: { readonly when: string; readonly options: string; readonly answer: string }
}

/** What a driver sees of the page; it judges nothing. */
export interface Seen {
  readonly signedIn: PersonaId | 'someone-else' | 'unreadable' | null
  readonly refusal?: string
  /** What the professional reads elsewhere than in the page. */
  readonly text?: string
}

/** What a driver is given to know the personas. */
export interface DriverContext {
  readonly baseUrl: string
  readonly needles: ReadonlyMap<PersonaId, string>
  /** Milliseconds that a gesture or a page may take. */
  readonly timeout: number
  /** What a product is told through its environment, for a driver that starts the client itself. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * The verbs of a target. A recipe gives them all; a `.driver.ts` exports an object of this type as default.
 * No assertion in a driver: it acts and reports what it sees.
 */
export interface Driver {
  /** Brings the page to the provider's authorization endpoint. */
  startLogin(page: Page, context: DriverContext): Promise<void>
  /** Waits until the page tells whether somebody is signed in, then says who. */
  whoIsSignedIn(page: Page, context: DriverContext): Promise<Seen>
  /** Resolves when the page tells the professional that the login was refused; rejects when it does not within the context's time. */
  refusalShown?(page: Page, context: DriverContext): Promise<void>
  /** Opens the protected page again, as a second visit would. */
  openProtectedPage(page: Page, context: DriverContext): Promise<void>
  /** Chooses the first exercise when the target asks; does nothing when it does not. Returns the labels that were offered. */
  chooseExercise?(page: Page, context: DriverContext): Promise<readonly string[]>
  refresh?(page: Page, context: DriverContext): Promise<void>
  signOut?(page: Page, context: DriverContext): Promise<void>
  /** Asks for the sign-in by phone of this national identifier; the page then waits, or says why not. */
  startPhoneLogin?(page: Page, context: DriverContext, nationalId: string): Promise<void>
  /** Does the page wait for the phone? */
  isWaitingForPhone?(page: Page, context: DriverContext): Promise<boolean>
  /** Asks the product to look again whether the phone has answered; false when it does so by itself. */
  proceedPhoneLogin?(page: Page, context: DriverContext): Promise<boolean>
  /** Brings the page to the second provider's authorization endpoint. */
  startLoginSecond?(page: Page, context: DriverContext): Promise<void>
  /** Starts a login although somebody is signed in. */
  takeOver?(page: Page, context: DriverContext): Promise<void>
}

/** The one export of a `.driver.ts`. */
export function defineDriver(driver: Driver): Driver {
  return driver
}
