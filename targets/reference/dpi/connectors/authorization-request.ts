import { createHash, randomBytes } from 'node:crypto'
import type { DpiConfiguration } from '../configuration.ts'
import type { ProviderName, Transaction } from '../connector.ts'
import type { Defects } from '../defects.ts'
import type { Metadata } from './metadata.ts'

const FIXED_VERIFIER = 'verificateur-toujours-le-meme-0123456789abcdef'

/**
 * The authorization request of the code flow (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3): state, nonce and PKCE
 * are 32 random bytes each, new at each call.
 */
export function authorizationRequest(
  configuration: DpiConfiguration,
  metadata: Metadata,
  provider: ProviderName,
  defects: Defects,
): { readonly url: URL; readonly transaction: Transaction } {
  const { client, acrValues } = configuration
  const redirectUri = configuration.redirectUri + (defects.has('extends-redirect-uri') ? '?x=1' : '')
  const state = defects.has('no-state') ? undefined : defects.has('fixed-state') ? 'etat-fixe' : random()
  const nonce = defects.has('no-nonce') || defects.has('no-code-binding') ? undefined : defects.has('fixed-nonce') ? 'nonce-fixe' : random()
  const verifier =
    defects.has('no-pkce') || defects.has('no-code-binding') || (defects.has('negotiates-down') && offered(metadata).length === 0)
      ? undefined
      : defects.has('fixed-verifier')
        ? FIXED_VERIFIER
        : random()
  const down = defects.has('negotiates-down') && !offered(metadata).includes('S256')
  const plain = defects.has('plain-pkce') || down
  const url = new URL(metadata.authorization_endpoint)
  const parameters: Record<string, string | undefined> = {
    response_type: defects.has('implicit-flow') ? 'code id_token' : 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    scope: defects.has('wrong-scope') ? withoutIdentity(configuration.scope) : configuration.scope,
    max_age: configuration.maxAge === undefined || defects.has('no-max-age') ? undefined : String(configuration.maxAge),
    acr_values: defects.has('no-acr-values') ? undefined : acrValues,
    response_mode: configuration.responseMode === 'query' ? undefined : configuration.responseMode,
    state,
    nonce,
    code_challenge: verifier === undefined ? undefined : plain ? verifier : createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: verifier === undefined ? undefined : plain ? 'plain' : 'S256',
    client_secret: defects.has('secret-in-front-channel') ? client.secret : undefined,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return {
    url,
    transaction: { provider, redirectUri, ...(state ? { state } : {}), ...(nonce ? { nonce } : {}), ...(verifier ? { verifier } : {}) },
  }
}

/** PKCE methods that the provider announces. */
function offered({ code_challenge_methods_supported: methods = [] }: Metadata): readonly string[] {
  return methods
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function withoutIdentity(scope: string): string {
  return scope
    .split(' ')
    .filter((one) => one !== 'scope_all')
    .join(' ')
}
