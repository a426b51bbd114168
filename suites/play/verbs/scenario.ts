import type { When } from '#core/module.ts'
import type { Step } from '#core/scenario.ts'
import type { Cast } from '../../cast.ts'
import type { Open, Verb } from '../steps.ts'
import type { Scene, Window } from '../window.ts'
import { PLAY } from './scenario-steps.ts'

/** What a scenario carries from one gesture to the next. */
export interface Course {
  readonly scene: Scene
  readonly when: Extract<When, { do: 'scenario' }>
  readonly cast: Cast
  readonly open: Open
  readonly windows: Map<string, Window>
  /** The window in which the next gesture happens. */
  window: Window
  /** Product's cookies that were put aside. */
  kept: Awaited<ReturnType<Window['context']['cookies']>>
  /** Seconds by which the provider's clock is ahead; the instant at which the product's stands, in milliseconds. */
  readonly clocks: { provider: number; product?: number; began?: number }
}

/** How one kind of gesture is played. */
export type Play<Name extends Step['step']> = (course: Course, step: Extract<Step, { step: Name }>) => Promise<void>
export type Plays = { readonly [Name in Step['step']]: Play<Name> }

/** A course of gestures. */
export const SCENARIO_VERBS = {
  async scenario(scene, when, open, cast) {
    if (when.do !== 'scenario') return
    const window = await open()
    const course: Course = { scene, when, cast, open, windows: new Map([['main', window]]), window, kept: [], clocks: { provider: 0 } }
    try {
      for (const step of when.steps) await (PLAY[step.step] as Play<Step['step']>)(course, step)
    } finally {
      if (when.steps.some(({ step }) => step === 'time')) await cast.setClocks({})
    }
  },
} satisfies Partial<Record<When['do'], Verb>>
