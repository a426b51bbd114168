import type { Transaction } from './connector.ts'
import type { Defects } from './defects.ts'

interface Pending {
  readonly browser: string
  readonly transaction: Transaction
}

/** The authorization requests that wait for their answer. */
export interface Transactions {
  add(browser: string, transaction: Transaction, defects: Defects): void
  /** How many wait in this browser. */
  pending(browser: string): number
  /** The request that an answer belongs to; it serves once. Undefined when this browser asked for nothing of the kind. */
  take(browser: string, state: string | undefined, defects: Defects): Transaction | undefined
}

const MOST_PER_BROWSER = 10
const MOST = 10_000

/**
 * One record for each state, bound to the browser that asked (RFC 9700 §4.7): several tabs may sign in at once, and an answer that
 * is carried over to another browser finds nothing.
 */
export function createTransactions(): Transactions {
  let pending: readonly Pending[] = []
  return {
    add(browser, transaction, defects) {
      const mine = pending.filter((one) => one.browser === browser)
      const forgotten = new Set(defects.has('mixes-tabs') ? mine : mine.slice(0, Math.max(0, mine.length - MOST_PER_BROWSER + 1)))
      pending = [...pending.filter((one) => !forgotten.has(one)), { browser, transaction }].slice(-MOST)
    },
    pending: (browser) => pending.filter((one) => one.browser === browser).length,
    take(browser, state, defects) {
      const mine = pending.filter((one) => one.browser === browser)
      const within = defects.has('state-not-bound-to-browser') || defects.has('redeems-replayed-callback') ? [...pending].reverse() : mine
      const unchecked = defects.has('ignores-state') || (state === undefined && defects.has('ignores-missing-state'))
      const found = within.find((one) => one.transaction.state === state) ?? (unchecked ? mine.at(-1) : undefined)
      if (!defects.has('redeems-replayed-callback')) pending = pending.filter((one) => one !== found)
      return found?.transaction
    },
  }
}
