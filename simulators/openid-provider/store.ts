import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Clock } from '#core/clock.ts'

/** How long the professional's session at the provider lasts, in seconds: at most, and without activity. */
export interface StoreLimits {
  readonly clock: Clock
  readonly session: { readonly absolute: number; readonly idle: number }
}

/**
 * What the engine remembers, for the length of a run. The library's own memory keeps the last thousand things only, which a
 * run of some hundred logins overflows.
 */
export function createStore({ clock, session }: StoreLimits): (model: string) => Adapter {
  const values = new Map<string, { payload: AdapterPayload; until: number }>()
  const byUid = new Map<string, string>()
  const byUserCode = new Map<string, string>()
  const grants = new Map<string, Set<string>>()
  /** When each login of a session took place. */
  const began = new Map<string, number>()
  let writes = 0

  function sweep(): void {
    const now = clock.now()
    for (const [key, { until }] of values) if (until < now) values.delete(key)
    for (const [login, first] of began) if (first + session.absolute * 1000 < now) began.delete(login)
    for (const [grant, keys] of grants) if (![...keys].some((key) => values.has(key))) grants.delete(grant)
  }
  function live(key: string | undefined): AdapterPayload | undefined {
    const found = key === undefined ? undefined : values.get(key)
    return found && found.until > clock.now() ? found.payload : undefined
  }

  /** The engine prolongs a session at each use; Pro Santé Connect ends it whatever happens, and sooner when nobody uses it. */
  function untilOf({ uid, loginTs }: AdapterPayload): number {
    const now = clock.now()
    // The engine writes down when the professional signed in by the machine's clock; ours may be ahead.
    const login = `${uid} ${loginTs ?? ''}`
    const first = began.get(login) ?? now
    began.set(login, first)
    return Math.min(first + session.absolute * 1000, now + session.idle * 1000)
  }

  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`
    return {
      async upsert(id, payload, expiresIn) {
        const key = keyOf(id)
        const until = expiresIn ? clock.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY
        values.set(key, { payload, until: model === 'Session' ? Math.min(until, untilOf(payload)) : until })
        if (payload.uid) byUid.set(payload.uid, key)
        if (payload.userCode) byUserCode.set(payload.userCode, key)
        if (payload.grantId) grants.set(payload.grantId, (grants.get(payload.grantId) ?? new Set()).add(key))
        if (++writes % 4096 === 0) sweep()
      },
      find: async (id) => live(keyOf(id)),
      findByUid: async (uid) => live(byUid.get(uid)),
      findByUserCode: async (userCode) => live(byUserCode.get(userCode)),
      async consume(id) {
        const payload = live(keyOf(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        const payload = live(keyOf(id))
        if (payload?.uid) byUid.delete(payload.uid)
        values.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const key of grants.get(grantId) ?? []) values.delete(key)
        grants.delete(grantId)
      },
    }
  }
}
