import type { Reader } from './reader.ts'

/** What changed among the readers of a system. */
export interface SystemChange {
  readonly change: 'attached' | 'detached' | 'inserted' | 'removed' | 'state'
  readonly reader: Reader
}

/** The readers that programs find: what the resource manager is on a real machine. */
export class System {
  readonly #readers = new Map<string, Reader>()
  readonly #watchers = new Set<(change: SystemChange) => void>()

  /** In the order in which they were attached. */
  get readers(): readonly Reader[] {
    return [...this.#readers.values()]
  }

  /** Plugs a reader in. @throws RangeError when one of this name is there, or when it was unplugged before. */
  attach(reader: Reader): void {
    if (this.#readers.has(reader.name)) throw new RangeError(`A reader named "${reader.name}" is attached already.`)
    if (reader.detached) throw new RangeError(`Reader "${reader.name}" was unplugged: create it anew.`)
    this.#readers.set(reader.name, reader)
    const unwatch = reader.watch((change) => {
      if (change !== 'detached') return this.#tell({ change, reader })
      unwatch()
      this.#readers.delete(reader.name)
      this.#tell({ change, reader })
    })
    this.#tell({ change: 'attached', reader })
  }

  /** Tells changes until the returned function is called. */
  watch(watcher: (change: SystemChange) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  #tell(change: SystemChange): void {
    for (const watcher of [...this.#watchers]) watcher(change)
  }
}

/** A set of readers of its own, for tests that run side by side. */
export function createSystem(): System {
  return new System()
}

/** The readers that the modules `pcsc-mock/smartcard` and `pcsc-mock/pcsclite` show: this process's "machine". */
export const system = createSystem()
