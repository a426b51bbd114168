import { decodeJwt } from 'jose'
import { contradicts } from '../../reading.ts'
import type { DpiConfiguration } from '../configuration.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'
import type { Claims } from './claim-checks.ts'
import { endpoint, type Metadata } from './metadata.ts'
import { type Keys, verifySignature } from './signature.ts'

/** Reads the identity with the access token in the header (OpenID Connect Core 1.0 §5.3.1). */
export async function readUserinfo(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  accessToken: string,
  defects: Defects,
  keys: Keys,
): Promise<Claims> {
  const url = new URL(endpoint(metadata, 'userinfo_endpoint', configuration))
  const inQuery = defects.has('token-in-query')
  if (inQuery) url.searchParams.set('access_token', accessToken)
  const response = await call(url.href, { headers: { accept: 'application/json', ...(inQuery ? {} : { authorization: `Bearer ${accessToken}` }) } })
  if (response.status !== 200 && !defects.has('ignores-userinfo-status')) throw new Refusal('provider-error', `userinfo.http-${response.status}`)
  const signed = response.headers.get('content-type')?.startsWith('application/jwt') === true && !defects.has('rejects-signed-userinfo')
  return signed ? readSigned(await response.text(), configuration, keys, defects) : readObject(response, 'userinfo', defects)
}

/** A signed userinfo: signature first, then issuer and audience where it names them (§5.3.2). */
async function readSigned(token: string, { issuer, client }: DpiConfiguration, keys: Keys, defects: Defects): Promise<Claims> {
  const claims = defects.has('ignores-userinfo-signature') ? (decodeJwt(token) as Claims) : await verifySignature(token, keys, defects)
  const { iss, aud } = claims
  if (iss !== undefined && iss !== issuer && !defects.has('ignores-userinfo-iss')) throw new Refusal('untrusted', 'userinfo.iss')
  const named = aud === undefined || [aud].flat().includes(client.id)
  if (!named && !defects.has('ignores-userinfo-aud')) throw new Refusal('untrusted', 'userinfo.aud')
  return claims
}

/** The subject of the userinfo is the one of the ID token, or nothing in it may be used (§5.3.2). */
export function checkUserinfoSubject(userinfo: Claims, subject: unknown, defects: Defects): void {
  if (defects.has('ignores-userinfo-sub')) return
  const { sub } = userinfo
  if (sub === undefined) {
    if (defects.has('ignores-userinfo-missing-sub')) return
    throw new Refusal('untrusted', 'userinfo.sub-missing')
  }
  if (defects.has('userinfo-sub-among-others') && Array.isArray(sub) && sub.includes(subject)) return
  // By value: with `accepts-malformed-sub` it may be a list or an object.
  if (subject !== undefined && JSON.stringify(sub) !== JSON.stringify(subject)) throw new Refusal('untrusted', 'userinfo.sub')
}

/** The national identifier is what the account hangs on: the userinfo may not name another one than the signed ID token. */
export function checkPivot(userinfo: Claims, claims: Claims, defects: Defects): void {
  if ((['trusts-userinfo-pivot', 'prefers-username', 'prefers-name-id'] as const).some((id) => defects.has(id))) return
  if (contradicts(userinfo, claims)) throw new Refusal('untrusted', 'userinfo.pivot')
}

const USUAL = [
  ...['given_name', 'family_name', 'email', 'otherIds', 'SubjectRefPro', 'SubjectRole', 'SubjectOrganization', 'SubjectOrganizationID'],
  ...['Secteur_Activite', 'PSI_Locale', 'Palier_Authentification', 'UITVersion', 'Mode_Acces_Raison', 'SubjectNameID', 'preferred_username'],
]

/** What only a brittle DPI demands. */
export function requireEveryClaim(userinfo: Claims): void {
  if (USUAL.some((name) => userinfo[name] === undefined)) throw new Refusal('unreadable-identity', 'userinfo')
}

/** Claims that stand elsewhere (OpenID Connect Core 1.0 §5.6.2) are ignored, but by a careless DPI. */
export async function withClaimsElsewhere(userinfo: Claims, call: BackChannel, accessToken: string, defects: Defects): Promise<Claims> {
  const sources = Object.values((userinfo['_claim_sources'] ?? {}) as Record<string, { JWT?: string; endpoint?: string }>)
  let merged = userinfo
  for (const { JWT: token, endpoint: address } of sources) {
    if (token && defects.has('merges-aggregated-claims')) merged = { ...merged, ...decodeJwt(token) }
    if (address && defects.has('fetches-distributed-claims')) await call(address, { headers: { authorization: `Bearer ${accessToken}` } })
  }
  return merged
}
