import type { JSONWebKeySet } from 'jose'
import { decodeProtectedHeader } from 'jose'
import type { DpiConfiguration } from '../configuration.ts'
import type { SessionNames } from '../connector.ts'
import type { Defect, Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { type BackChannel, readObject } from './back-channel.ts'
import { type Claims, TOLERANCE } from './claim-checks.ts'
import type { Metadata } from './metadata.ts'
import { verifySignature } from './signature.ts'
import { unknownMember } from './unknown-members.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds during which an identifier (jti) is remembered; longer than any token lives. */
const MEMORY = 900

/** The logout tokens that were taken already: a token serves once (§2.6, step 7). */
export interface LogoutMemory {
  readonly taken: Map<string, number>
}

export function createLogoutMemory(): LogoutMemory {
  return { taken: new Map() }
}

/** By what the claims of an ID token or of a logout token name a session. */
export function namesIn({ sub, sid }: Claims): SessionNames {
  return { ...(typeof sub === 'string' ? { sub } : {}), ...(typeof sid === 'string' ? { sid } : {}) }
}

/** The defects of an ID token's signature that those of a logout token stand for. */
const SIGNATURE: Readonly<Partial<Record<Defect, Defect>>> = {
  'logout-ignores-signature': 'ignores-signature',
  'logout-accepts-alg-none': 'accepts-alg-none',
  'logout-accepts-hs256-secret': 'accepts-hs256-secret',
  'logout-accepts-hs256-public-key': 'accepts-hs256-public-key',
  'logout-trusts-unknown-key': 'trusts-unknown-key',
}

/**
 * The validated content of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6).
 * @throws Refusal `untrusted`
 */
export async function readLogoutToken(
  { issuer, client, idTokenAlg }: DpiConfiguration,
  metadata: Metadata,
  call: BackChannel,
  token: string,
  defects: Defects,
  memory: LogoutMemory,
): Promise<SessionNames> {
  const published = async () => {
    const response = await call(metadata.jwks_uri)
    if (response.status !== 200) throw new Refusal('unavailable', `jwks.http-${response.status}`)
    return (await readObject(response, 'jwks')) as unknown as JSONWebKeySet
  }
  const inherited = new Set([...defects].flatMap((defect) => SIGNATURE[defect] ?? []))
  const claims = await verifySignature(token, { published, call, clientSecret: client.secret, alg: idTokenAlg }, inherited)
  const { typ } = decodeProtectedHeader(token)
  if (defects.has('logout-requires-type') && typ !== 'logout+jwt') throw refused('typ')
  const breach = firstBreach(claims, issuer, client.id, Math.floor(Date.now() / 1000), defects)
  if (breach !== null) throw refused(breach)
  const unforeseen = unknownMember('claim', Object.keys(claims))
  if (defects.has('logout-crashes-on-unknown-claim') && unforeseen) throw new TypeError(`unexpected claim: ${unforeseen}`)
  takeOnce(claims['jti'], memory, defects)
  return namesIn(claims)
}

function refused(claim: string): Refusal {
  return new Refusal('untrusted', `logout_token.${claim}`)
}

/** §2.6, steps 3 to 6, in their order: the claim that is wrong, or null. */
function firstBreach(claims: Claims, issuer: string, clientId: string, now: number, defects: Defects): string | null {
  const { iss, aud, exp, iat, jti, sub, sid, nonce, events } = claims
  const absent = (value: unknown, defect: Defect) => value === undefined && !defects.has(defect)
  if (absent(iss, 'logout-ignores-missing-iss') || (iss !== undefined && iss !== issuer && !defects.has('logout-ignores-iss'))) return 'iss'
  if (absent(aud, 'logout-ignores-missing-aud') || (Array.isArray(aud) && defects.has('logout-refuses-aud-array'))) return 'aud'
  if (aud !== undefined && !defects.has('logout-ignores-aud') && !(Array.isArray(aud) ? aud : [aud]).includes(clientId)) return 'aud'
  const idToken = defects.has('logout-accepts-id-token') && events === undefined
  if (absent(exp, 'logout-ignores-missing-exp')) return 'exp'
  if (exp !== undefined && !defects.has('logout-ignores-exp') && !(typeof exp === 'number' && exp > now - TOLERANCE)) return 'exp'
  if (absent(iat, 'logout-ignores-missing-iat') || (iat !== undefined && typeof iat !== 'number')) return 'iat'
  if (absent(jti, 'logout-ignores-missing-jti') && !idToken) return 'jti'
  if (typeof sub !== 'string' && typeof sid !== 'string' && !defects.has('logout-accepts-nobody')) return 'sub-and-sid'
  if ([sub, sid].some((name) => name !== undefined && typeof name !== 'string')) return 'sub-or-sid'
  if (nonce !== undefined && !defects.has('logout-accepts-nonce') && !idToken) return 'nonce'
  if (events === undefined) return idToken || defects.has('logout-ignores-missing-events') ? null : 'events'
  if (defects.has('logout-ignores-events')) return null
  const event: unknown = typeof events === 'object' && events !== null && !Array.isArray(events) ? (events as Claims)[EVENT] : undefined
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? null : 'events'
}

function takeOnce(jti: unknown, { taken }: LogoutMemory, defects: Defects): void {
  if (typeof jti !== 'string') return
  const now = Date.now() / 1000
  for (const [old, until] of taken) if (until < now) taken.delete(old)
  if (taken.has(jti) && !defects.has('logout-accepts-replay')) throw refused('jti-taken')
  taken.set(jti, now + MEMORY)
}
