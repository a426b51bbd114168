import type { HeldTokens } from '../connector.ts'
import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'
import { TOLERANCE } from './claim-checks.ts'

/** What the token endpoint said of its tokens, as a session keeps them. */
export function hold(subject: string, answer: { accessToken: string; refreshToken?: string | undefined; expiresIn?: unknown }): HeldTokens {
  const { accessToken, refreshToken, expiresIn } = answer
  return {
    accessToken,
    subject,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(typeof expiresIn === 'number' ? { expiresAt: Math.floor(Date.now() / 1000) + expiresIn } : {}),
  }
}

/**
 * Reads the identity with the held access token while it lives, else with one that the refresh token gives.
 * @throws Refusal of `refresh` (the session is over) or of `identity`
 */
export async function renewed<Identity>(
  held: HeldTokens,
  steps: { readonly identity: (held: HeldTokens) => Promise<Identity>; readonly refresh: (token: string) => Promise<HeldTokens> },
  defects: Defects,
): Promise<{ readonly userinfo: Identity; readonly held: HeldTokens }> {
  const dead = held.expiresAt !== undefined && held.expiresAt <= Math.floor(Date.now() / 1000) + TOLERANCE
  if (!dead || defects.has('never-refreshes')) return { userinfo: await steps.identity(held), held }
  if (held.refreshToken === undefined) throw new Refusal('untrusted', 'refresh.token')
  const next = await steps.refresh(held.refreshToken)
  const used = defects.has('keeps-old-access-token') ? { ...next, accessToken: held.accessToken } : next
  return { userinfo: await steps.identity(used), held: used }
}
