import type { Store } from 'express-session'
import type { SessionNames } from './connector.ts'

/** Which session of the DPI belongs to which session of the provider. */
export interface OpenSessions {
  opened(id: string, names: SessionNames): void
  /** Sessions that bear all of these names; none for no name. */
  named(names: SessionNames): readonly string[]
  all(): readonly string[]
  /** The professional signed out. */
  forget(id: string): void
  close(id: string, store: Store): Promise<void>
}

const MOST = 10_000

export function createOpenSessions(): OpenSessions {
  const known = new Map<string, SessionNames>()
  return {
    opened(id, names) {
      known.set(id, names)
      const [oldest] = known.keys()
      if (known.size > MOST && oldest !== undefined) known.delete(oldest)
    },
    named({ sub, sid }) {
      if (sub === undefined && sid === undefined) return []
      return [...known].filter(([, own]) => (sub === undefined || own.sub === sub) && (sid === undefined || own.sid === sid)).map(([id]) => id)
    },
    forget: (id) => void known.delete(id),
    all: () => [...known.keys()],
    async close(id, store) {
      known.delete(id)
      await new Promise<void>((done, fail) => store.destroy(id, (error: unknown) => (error ? fail(error) : done())))
    },
  }
}
