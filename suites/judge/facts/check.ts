import { type Journal, type Moment, type Observation, observationsAt, of } from '#core/journal.ts'
import type { Module } from '#core/module.ts'
import type { JudgeContext } from '../judge.ts'

/** What is wrong with a fact: what was expected and seen, and whether the journal could tell at all. */
export interface Lack {
  readonly expected: string
  readonly observed: string
  readonly entries?: readonly number[]
  /** The journal does not tell: inconclusive instead of a breach. */
  readonly unknown?: boolean
  /** Nothing is wrong: what was measured is worth writing down. */
  readonly noted?: boolean
}
/** One fact that a journal can be asked for. */
export type Check = (journal: Journal, module: Module, context: JudgeContext) => Lack | undefined

/** The last look at one moment. */
export function last(journal: Journal, moment: Moment): Observation | undefined {
  return observationsAt(journal, moment).at(-1)
}

/** The looks at one window, in order. */
export function observationsIn(journal: Journal, window: string): Observation[] {
  return of(journal, 'observation').filter((look) => look.window === window)
}

/** What is wrong when this persona is not signed in at this moment. */
export function signedInAt(journal: Journal, moment: Moment, persona: string, expected: string): Lack | undefined {
  const look = last(journal, moment)
  const trouble = of(journal, 'trouble')[0]
  if (trouble?.code === 'NO_AUTHORIZATION_REQUEST') return { expected, observed: trouble.sentence, entries: [trouble.seq] }
  if (!look || look.signedIn === 'unreadable') return { expected, observed: trouble?.sentence ?? "La page n'a pas pu être lue.", unknown: true }
  if (look.signedIn === persona) return undefined
  const said = look.refusal ? ` Le produit dit : « ${look.refusal.replaceAll(/\s+/g, ' ').slice(0, 160)} »` : ''
  return { expected, observed: `La nouvelle tentative n'aboutit pas.${said}`, entries: [look.seq] }
}
