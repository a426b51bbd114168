/** Who is signed in, in this browser. */
export interface Session {
  readonly name: string
  readonly exercise: string | null
  /** For the sign-out only. */
  readonly idToken?: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

const ITEM = 'session'
/** The longest that a session lasts: that of Pro Santé Connect. */
export const LONGEST = 4 * 3600 * 1000

/**
 * A page that is loaded again must know who is signed in, and nothing readable may lie in the browser for that: the session is kept
 * enciphered, by a key that no script can take out (WebCrypto, IndexedDB) and that goes with it.
 */
export async function keep(session: Session): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(session))))
  await inStore('readwrite', (store) => store.put({ key, iv, sealed }, ITEM))
  // A mark without content: the other tabs hear of it.
  localStorage.setItem(ITEM, String(Date.now()))
}

/** The session that is still valid, or null. */
export async function restore(): Promise<Session | null> {
  const kept = await inStore('readonly', (store) => store.get(ITEM))
  if (!kept) return null
  const { key, iv, sealed } = kept as { key: CryptoKey; iv: Uint8Array<ArrayBuffer>; sealed: Uint8Array<ArrayBuffer> }
  try {
    const session = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed))) as Session
    if (session.until > Date.now()) return session
  } catch {
    // A session that cannot be read is none.
  }
  await forget()
  return null
}

export async function forget(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(ITEM))
  localStorage.removeItem(ITEM)
}

/** Another tab signed in or out. */
export function onChange(heard: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === ITEM || key === null) heard()
  })
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await settled(
    Object.assign(indexedDB.open('spa', 1), {
      onupgradeneeded(this: IDBOpenDBRequest) {
        this.result.createObjectStore('session')
      },
    }),
  )
  try {
    return await settled(act(database.transaction('session', mode).objectStore('session')))
  } finally {
    database.close()
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
