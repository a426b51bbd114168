/** Status bytes of DESFire (after 91 in wrapped framing). */
export const STATUS = {
  ok: 0x00,
  noChange: 0x0c,
  outOfMemory: 0x0e,
  illegalCommand: 0x1c,
  integrity: 0x1e,
  noSuchKey: 0x40,
  length: 0x7e,
  permission: 0x9d,
  parameter: 0x9e,
  applicationNotFound: 0xa0,
  authentication: 0xae,
  additionalFrame: 0xaf,
  boundary: 0xbe,
  commandAborted: 0xca,
  count: 0xce,
  duplicate: 0xde,
  fileNotFound: 0xf0,
} as const
export type Status = (typeof STATUS)[keyof typeof STATUS]

/** How a command of the card ends early. Caught where commands are run; never leaves the card. */
export class Refusal extends Error {
  readonly status: Status
  constructor(status: Status) {
    super(`status ${status.toString(16)}`)
    this.status = status
  }
}

/** Refuses unless `fine`. */
export function demand(fine: boolean, status: Status): asserts fine {
  if (!fine) throw new Refusal(status)
}
