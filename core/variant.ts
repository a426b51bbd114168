import type { AnchorId } from './requirement.ts'
import type { ClientAuth } from './target.ts'

/** What a variant of the client changes; modules say by which kinds they are multiplied. */
export type VariantKind = 'client-authentication' | 'response-mode' | 'signature'
export type ResponseMode = 'query' | 'form_post'
export type SigningAlg = 'RS256' | 'PS256' | 'ES256'

/** Another configuration of the same product, played beside the one of its target file. */
export interface Variant {
  readonly kind: VariantKind
  /** French, after the title of a unit. */
  readonly title: string
  /** Ids of the catalogue that its units answer beside their own. */
  readonly anchors: readonly AnchorId[]
  /** Defects of the reference that only show so; claimed by the honest login. */
  readonly catches?: readonly string[]
  readonly client: { readonly auth?: ClientAuth; readonly responseMode?: ResponseMode; readonly idTokenAlg?: SigningAlg }
}

/**
 * The variants that a target may declare (OpenID Connect Core 1.0 §9 and §3.1.3.7-7, OAuth 2.0 Form Post Response Mode 1.0, RFC 8705 §2.1).
 * A unit of a variant is called `<module>@<variant>`; what a target does not declare is not part of its plan.
 */
export const VARIANTS = {
  'client-secret-basic': {
    kind: 'client-authentication',
    title: 'client_secret_basic',
    anchors: ['RPB-02'],
    client: { auth: 'client_secret_basic' },
  },
  'client-secret-post': { kind: 'client-authentication', title: 'client_secret_post', anchors: ['RPB-03'], client: { auth: 'client_secret_post' } },
  'private-key-jwt': { kind: 'client-authentication', title: 'private_key_jwt', anchors: ['RPB-05'], client: { auth: 'private_key_jwt' } },
  'tls-client-auth': { kind: 'client-authentication', title: 'tls_client_auth', anchors: ['RPB-06'], client: { auth: 'tls_client_auth' } },
  query: { kind: 'response-mode', title: 'réponse par redirection', anchors: [], client: { responseMode: 'query' } },
  'form-post': {
    kind: 'response-mode',
    title: 'réponse par formulaire (form_post)',
    anchors: ['RPB-29', 'RPB-30'],
    catches: ['lax-cookie-in-form-post'],
    client: { responseMode: 'form_post' },
  },
  rs256: { kind: 'signature', title: "jeton d'identité en RS256", anchors: ['RPB-12'], client: { idTokenAlg: 'RS256' } },
  ps256: { kind: 'signature', title: "jeton d'identité en PS256", anchors: ['RPB-13'], client: { idTokenAlg: 'PS256' } },
  es256: { kind: 'signature', title: "jeton d'identité en ES256", anchors: ['RPB-13'], client: { idTokenAlg: 'ES256' } },
} as const satisfies Readonly<Record<string, Variant>>

export type VariantId = keyof typeof VARIANTS

/** The variant that a unit's id names, if any. */
export function variantOf(unit: string): VariantId | undefined {
  const name = /@([a-z\d-]+)/.exec(unit)?.[1]
  return name !== undefined && name in VARIANTS ? (name as VariantId) : undefined
}
