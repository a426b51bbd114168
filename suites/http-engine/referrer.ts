const POLICIES = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const
/** Referrer Policy §3. */
export type ReferrerPolicy = (typeof POLICIES)[number]

export const DEFAULT_POLICY: ReferrerPolicy = 'strict-origin-when-cross-origin'

/** The last policy of a header or an attribute that is known; the others are skipped (Referrer Policy §8.1). */
export function policyOf(text: string | null | undefined): ReferrerPolicy | undefined {
  return (text ?? '')
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token): token is ReferrerPolicy => (POLICIES as readonly string[]).includes(token))
    .at(-1)
}

/** The Referer that a request from one document to an address carries (Referrer Policy §8.3), or none. */
export function refererOf(policy: ReferrerPolicy, from: URL | undefined, to: URL): string | undefined {
  if (!from || !/^https?:$/.test(from.protocol)) return undefined
  const origin = `${from.origin}/`
  const whole = new URL(from)
  whole.hash = ''
  whole.username = ''
  whole.password = ''
  const full = whole.href.length > 4096 ? origin : whole.href
  const downgrade = from.protocol === 'https:' && to.protocol === 'http:' && !/^(localhost|127\.0\.0\.1)$/.test(to.hostname)
  const same = from.origin === to.origin
  switch (policy) {
    case 'no-referrer':
      return undefined
    case 'no-referrer-when-downgrade':
      return downgrade ? undefined : full
    case 'origin':
      return origin
    case 'origin-when-cross-origin':
      return same ? full : origin
    case 'same-origin':
      return same ? full : undefined
    case 'strict-origin':
      return downgrade ? undefined : origin
    case 'strict-origin-when-cross-origin':
      return same ? full : downgrade ? undefined : origin
    case 'unsafe-url':
      return full
  }
}
