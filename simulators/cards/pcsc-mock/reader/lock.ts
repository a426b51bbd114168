/**
 * Who holds a reader for itself: a connection inside a transaction, or an exclusive one. Others wait in the order in which they came, as
 * pcsc-lite's library does, or are refused when the reader says so.
 */
export class Lock<Holder extends object> {
  #holder: Holder | null = null
  #depth = 0
  #waiting: (() => void)[] = []

  get holder(): Holder | null {
    return this.#holder
  }

  /** True when `who` may go on. */
  isFreeFor(who: Holder | null): boolean {
    return this.#holder === null || this.#holder === who
  }

  /** Settles when the lock may have changed hands; the caller looks again. */
  change(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }

  /** Takes the lock once more; the caller has made sure that it is free for `who`. */
  take(who: Holder): void {
    this.#holder = who
    this.#depth++
  }

  /** Gives one hold back. False when `who` holds nothing. */
  release(who: Holder): boolean {
    if (this.#holder !== who) return false
    if (--this.#depth === 0) this.clear()
    return true
  }

  /** Gives all holds of `who` back. */
  drop(who: Holder): void {
    if (this.#holder === who) this.clear()
    else this.wake()
  }

  /** Nobody holds it any more: the card is gone. */
  clear(): void {
    this.#holder = null
    this.#depth = 0
    this.wake()
  }

  /** Lets everybody who waits look again. */
  wake(): void {
    for (const look of this.#waiting.splice(0)) look()
  }
}
