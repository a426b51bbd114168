import { HARM_STEPS } from './scenario/harm.ts'
import { LOGOUT_STEPS } from './scenario/logout.ts'
import { SIGN_IN_STEPS } from './scenario/sign-in.ts'
import { TRACE_STEPS } from './scenario/traces.ts'
import { WORKSTATION_STEPS } from './scenario/workstation.ts'
import type { Plays } from './scenario.ts'

/** Every gesture of the vocabulary. */
export const PLAY: Plays = { ...SIGN_IN_STEPS, ...LOGOUT_STEPS, ...TRACE_STEPS, ...HARM_STEPS, ...WORKSTATION_STEPS }
