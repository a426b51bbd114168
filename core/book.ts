import type { Clock } from './clock.ts'
import type { Draft, Entry, Journal } from './journal.ts'

/** The journals of a run, by flow; append-only. The empty flow takes what no flow could claim. */
export interface Book {
  append(flow: string, draft: Draft): Entry
  read(flow: string): Journal
  /** Forgets a closed flow; what was written to disk stays. */
  forget(flow: string): void
}

/** @param keep called with each entry as it is recorded, in order, so that it can be put on disk at once. */
export function createBook(clock: Clock, keep: (entry: Entry) => void = () => {}): Book {
  const journals = new Map<string, Entry[]>()
  return {
    append(flow, draft) {
      const journal = journals.get(flow) ?? []
      if (journal.length === 0) journals.set(flow, journal)
      const entry = Object.assign({ seq: journal.length + 1, at: new Date(clock.now()).toISOString(), flow }, draft) as Entry
      journal.push(entry)
      keep(entry)
      return entry
    },
    read: (flow) => journals.get(flow) ?? [],
    forget: (flow) => {
      journals.delete(flow)
    },
  }
}
