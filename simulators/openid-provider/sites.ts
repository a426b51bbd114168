import type { OpSite } from '#core/fault.ts'

/** The endpoints as the journal names them, by the engine's route name. */
const SITE_OF_ROUTE: Readonly<Record<string, string>> = {
  authorization: 'authorization',
  resume: 'authorization',
  token: 'token',
  userinfo: 'userinfo',
  jwks: 'jwks',
  end_session: 'end_session',
  end_session_confirm: 'end_session',
  end_session_success: 'end_session',
  introspection: 'introspection',
  revocation: 'revocation',
  backchannel_authentication: 'ciba',
  pushed_authorization_request: 'par',
  discovery: 'discovery',
}

export function siteOfRoute(route: string | undefined): string {
  return (route !== undefined && SITE_OF_ROUTE[route]) || 'unknown'
}

/** Endpoints that only servers call: an outage of the back channel hits these. */
export const BACK_CHANNEL = new Set([
  'token',
  'userinfo',
  'jwks',
  'introspection',
  'revocation',
  'ciba',
  'par',
  'discovery',
  'trap',
  'probe',
  'backchannel_logout',
])

/** Where a fault of this site shows in the honest traffic: the endpoint whose answer it bends. */
export const ENDPOINT_OF_SITE: Readonly<Record<OpSite, string>> = {
  discovery: 'discovery',
  jwks: 'jwks',
  'authorization.request': 'authorization',
  'authorization.response': 'authorization',
  'id_token.claims': 'token',
  'id_token.header': 'token',
  'id_token.key': 'token',
  'id_token.compact': 'token',
  'token.response': 'token',
  userinfo: 'userinfo',
  logout: 'end_session',
  'logout_token.claims': 'backchannel_logout',
  'logout_token.header': 'backchannel_logout',
  'logout_token.key': 'backchannel_logout',
  'logout_token.compact': 'backchannel_logout',
  ciba: 'ciba',
  http: 'http',
  tls: 'tls',
}
