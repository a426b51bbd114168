/** Time is an input: whoever needs it is handed a clock. Milliseconds since 1970-01-01 UTC. */
export interface Clock {
  now(): number
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** A clock that only moves when told; for windows of hours in tests of minutes. */
export function handClock(start: number): Clock & { advance(milliseconds: number): void; set(milliseconds: number): void } {
  let time = start
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds
    },
    set: (milliseconds) => {
      time = milliseconds
    },
  }
}

/** Another clock, ahead by as much as it was told last (milliseconds). */
export function shiftedClock(clock: Clock): Clock & { ahead(milliseconds: number): void } {
  let shift = 0
  return {
    now: () => clock.now() + shift,
    ahead: (milliseconds) => {
      shift = milliseconds
    },
  }
}

/** Whole seconds since the epoch, as JWT NumericDate wants them (RFC 7519 §2). */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
