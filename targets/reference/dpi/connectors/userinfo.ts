import type { DpiConfiguration } from '../configuration.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'
import type { Claims } from './claim-checks.ts'
import { endpoint, type Metadata } from './metadata.ts'

/** Reads the identity with the access token in the header (OpenID Connect Core 1.0 §5.3.1). */
export async function readUserinfo(
  configuration: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  accessToken: string,
  defects: Defects,
): Promise<Claims> {
  const url = new URL(endpoint(metadata, 'userinfo_endpoint', configuration))
  const inQuery = defects.has('token-in-query')
  if (inQuery) url.searchParams.set('access_token', accessToken)
  const response = await call(url.href, { headers: { accept: 'application/json', ...(inQuery ? {} : { authorization: `Bearer ${accessToken}` }) } })
  if (response.status !== 200 && !defects.has('ignores-userinfo-status')) throw new Refusal('provider-error', `userinfo.http-${response.status}`)
  return readObject(response, 'userinfo', defects)
}

/** The subject of the userinfo is the one of the ID token, or nothing in it may be used (§5.3.2). */
export function checkUserinfoSubject(userinfo: Claims, subject: unknown, defects: Defects): void {
  if (defects.has('ignores-userinfo-sub')) return
  const { sub } = userinfo
  if (sub === undefined) {
    if (defects.has('ignores-userinfo-missing-sub')) return
    throw new Refusal('untrusted', 'userinfo.sub-missing')
  }
  // By value: with `accepts-malformed-sub` it may be a list or an object.
  if (subject !== undefined && JSON.stringify(sub) !== JSON.stringify(subject)) throw new Refusal('untrusted', 'userinfo.sub')
}
