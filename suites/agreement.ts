import type { Verdict } from '#core/verdict.ts'
import type { EngineName } from './engine.ts'

/** What an engine said of one unit, in one world of the matrix. */
export interface Said {
  readonly engine: EngineName
  readonly verdict: Verdict
  readonly reason: string
}

/** How many verdicts two engines gave on the same things, and those on which they did not agree. */
export interface Agreement {
  readonly compared: number
  readonly disagreements: readonly { readonly world: string; readonly unit: string; readonly said: readonly Said[] }[]
}

/** Keeps what each engine says, and compares. */
export interface Comparison {
  tell(world: string, unit: string, said: Said): void
  /** @param sampled whether a unit that only the first engine judged was left out on purpose; else it is a disagreement too. */
  conclude(engines: readonly EngineName[], sampled: boolean): Agreement
}

export function createComparison(): Comparison {
  const seen = new Map<string, { readonly world: string; readonly unit: string; readonly said: Map<EngineName, Said> }>()
  return {
    tell(world, unit, said) {
      const key = `${world} ${unit}`
      const known = seen.get(key) ?? { world, unit, said: new Map() }
      known.said.set(said.engine, said)
      seen.set(key, known)
    },
    conclude(engines, sampled) {
      if (engines.length < 2) return { compared: 0, disagreements: [] }
      const told = [...seen.values()].map(({ world, unit, said }) => ({ world, unit, said: [...said.values()] }))
      const all = told.filter(({ said }) => !sampled || said.length === engines.length)
      return {
        compared: all.length,
        disagreements: all.filter(({ said }) => said.length < engines.length || new Set(said.map(({ verdict }) => verdict)).size > 1),
      }
    },
  }
}
