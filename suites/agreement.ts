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
  /** A unit that only one of the engines judged is a disagreement too. */
  conclude(engines: readonly EngineName[]): Agreement
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
    conclude(engines) {
      if (engines.length < 2) return { compared: 0, disagreements: [] }
      const all = [...seen.values()].map(({ world, unit, said }) => ({ world, unit, said: [...said.values()] }))
      return {
        compared: all.length,
        disagreements: all.filter(({ said }) => said.length < engines.length || new Set(said.map(({ verdict }) => verdict)).size > 1),
      }
    },
  }
}
