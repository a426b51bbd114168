import type { DpiConfiguration } from '../configuration.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'

/** The members of the discovery document that the DPI reads (OpenID Connect Discovery 1.0 §3). */
export interface Metadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly jwks_uri: string
  readonly end_session_endpoint?: string
  readonly backchannel_authentication_endpoint?: string
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly code_challenge_methods_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly mtls_endpoint_aliases?: Readonly<Record<string, string>>
}

const BACK_CHANNEL = ['token_endpoint', 'userinfo_endpoint', 'jwks_uri']
const NEEDED = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']

/**
 * Reads the discovery document at its non-standard address, at each login: an outage is over as soon as the provider is back.
 * The issuer must be exactly the one agreed upon (Discovery 1.0 §4.3); the authorization host may be another one.
 */
export async function readMetadata(configuration: DpiConfiguration, call: BackChannel, defects: Defects): Promise<Metadata> {
  const { issuer, discoveryUrl } = configuration
  const response = await call(defects.has('standard-discovery') ? `${issuer}/.well-known/openid-configuration` : discoveryUrl)
  if (response.status !== 200) throw new Refusal('unavailable', `discovery.http-${response.status}`)
  const metadata = await readObject(response, 'discovery')
  if (metadata['issuer'] !== issuer && !defects.has('ignores-discovery-issuer') && !defects.has('believes-discovery-issuer'))
    throw new Refusal('untrusted', 'discovery.issuer')
  const unforeseen = Object.keys(metadata).find((member) => member.startsWith('hospicert_'))
  if (defects.has('crashes-on-unknown-metadata') && unforeseen) throw new TypeError(`unexpected member: ${unforeseen}`)
  const missing = NEEDED.find((member) => typeof metadata[member] !== 'string')
  if (missing !== undefined) throw new Refusal('untrusted', `discovery.${missing}`)
  // What the server calls stands where the issuer is; only the page of the professional may be elsewhere.
  const home = new URL(issuer).origin
  const moved = BACK_CHANNEL.find((member) => metadata[member] !== undefined && !String(metadata[member]).startsWith(`${home}/`))
  if (moved !== undefined && !defects.has('follows-moved-endpoints') && !defects.has('speaks-http'))
    throw new Refusal('untrusted', `discovery.${moved}`)
  const derived = defects.has('derives-authorization-endpoint') ? { authorization_endpoint: `${issuer}/protocol/openid-connect/auth` } : {}
  return { ...(metadata as unknown as Metadata), ...derived, ...(defects.has('ignores-discovery-issuer') ? { issuer } : {}) }
}

/** The endpoint to call: with a client certificate, the alias if there is one (RFC 8705 §5). */
export function endpoint(metadata: Metadata, name: 'token_endpoint' | 'userinfo_endpoint', { client }: DpiConfiguration): string {
  return (client.auth === 'tls_client_auth' && metadata.mtls_endpoint_aliases?.[name]) || metadata[name]
}
