import type { DpiConfiguration } from '../configuration.ts'
import type { Defects } from '../defects.ts'
import type { Metadata } from './metadata.ts'

/** The request of OpenID Connect RP-Initiated Logout 1.0 §2, or null when the provider has no such endpoint. */
export function endSessionUrl(
  { client, postLogoutRedirectUri }: DpiConfiguration,
  metadata: Metadata,
  { idToken, state }: { readonly idToken: string | undefined; readonly state: string },
  defects: Defects,
): URL | null {
  if (metadata.end_session_endpoint === undefined) return null
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', client.id)
  if (idToken !== undefined && !defects.has('logout-without-hint')) url.searchParams.set('id_token_hint', idToken)
  url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri)
  url.searchParams.set('state', state)
  return url
}
