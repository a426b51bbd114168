import type { Exclusive } from '#core/module.ts'

/** Who may run when. Fair: a unit that wants to be alone is not passed by those who came later. */
export interface Schedule {
  /** Resolves with the function that gives the turn back. */
  take(persona: string, exclusive: Exclusive | undefined): Promise<() => void>
}

interface Waiting {
  readonly persona: string
  readonly exclusive: Exclusive | undefined
  readonly start: () => void
}

/**
 * `simulator` runs when nothing else does; `persona` runs when nobody uses its persona; everything else runs beside anything
 * that does not claim it.
 */
export function createSchedule(): Schedule {
  const running = new Set<Waiting>()
  const queue: Waiting[] = []

  function may(wanted: Waiting, among: Iterable<Waiting>): boolean {
    for (const other of among) {
      if (wanted.exclusive === 'simulator' || other.exclusive === 'simulator') return false
      if (wanted.persona === other.persona && (wanted.exclusive === 'persona' || other.exclusive === 'persona')) return false
    }
    return true
  }
  function next(): void {
    const passed: Waiting[] = []
    for (const waiting of [...queue]) {
      if (may(waiting, running) && may(waiting, passed)) {
        queue.splice(queue.indexOf(waiting), 1)
        running.add(waiting)
        waiting.start()
      } else passed.push(waiting)
    }
  }
  return {
    take: (persona, exclusive) =>
      new Promise((resolve) => {
        const waiting: Waiting = {
          persona,
          exclusive,
          start: () =>
            resolve(() => {
              if (running.delete(waiting)) next()
            }),
        }
        queue.push(waiting)
        next()
      }),
  }
}
