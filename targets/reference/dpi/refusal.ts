/** Why a login does not go on. The French words for each stand in `pages/refusal.ts`. */
export type RefusalKind =
  | 'cancelled'
  | 'expired'
  | 'phone-busy'
  | 'provider-error'
  | 'unavailable'
  | 'not-asked'
  | 'untrusted'
  | 'level'
  | 'unknown-professional'
  | 'deactivated'
  | 'unreadable-identity'
  | 'sign-out-answer'
  | 'not-found'

/**
 * A login that is refused, or cannot go on, for a reason that can be told to the professional.
 * `reference` is a short technical word for the IT department (`id_token.aud`), never a value that was received.
 *
 * @example throw new Refusal('untrusted', 'id_token.aud')
 */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly reference: string

  constructor(kind: RefusalKind, reference: string, cause?: unknown) {
    super(`${kind} (${reference})`, cause === undefined ? undefined : { cause })
    this.name = 'Refusal'
    this.kind = kind
    this.reference = reference
  }
}

/** The refusal that stands behind an error, when a library has wrapped it. */
export function refusalBehind(error: unknown): Refusal | undefined {
  for (let current = error; current instanceof Error; current = current.cause) if (current instanceof Refusal) return current
  return undefined
}
