import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * What the engine remembers, for the length of a run. The library's own memory keeps the last thousand things only, which a
 * run of some hundred logins overflows.
 */
export function createStore(): (model: string) => Adapter {
  const values = new Map<string, { payload: AdapterPayload; until: number }>()
  const byUid = new Map<string, string>()
  const byUserCode = new Map<string, string>()
  const grants = new Map<string, Set<string>>()
  let writes = 0

  function sweep(): void {
    const now = Date.now()
    for (const [key, { until }] of values) if (until < now) values.delete(key)
    for (const [grant, keys] of grants) if (![...keys].some((key) => values.has(key))) grants.delete(grant)
  }
  function live(key: string | undefined): AdapterPayload | undefined {
    const found = key === undefined ? undefined : values.get(key)
    return found && found.until > Date.now() ? found.payload : undefined
  }

  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`
    return {
      async upsert(id, payload, expiresIn) {
        const key = keyOf(id)
        values.set(key, { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY })
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
