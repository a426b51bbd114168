import { LOGOUT_STEPS } from './scenario/logout.ts'
import { SIGN_IN_STEPS } from './scenario/sign-in.ts'
import type { Plays } from './scenario.ts'

/** Every gesture of the vocabulary. */
export const PLAY: Plays = { ...SIGN_IN_STEPS, ...LOGOUT_STEPS }
