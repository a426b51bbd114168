/** The numbers of the PC/SC interface, under the names that its bindings give them (PC/SC part 5; values of winscard.h). */
export const SCARD = {
  SCARD_SHARE_EXCLUSIVE: 1,
  SCARD_SHARE_SHARED: 2,
  SCARD_SHARE_DIRECT: 3,
  SCARD_PROTOCOL_UNDEFINED: 0,
  SCARD_PROTOCOL_T0: 1,
  SCARD_PROTOCOL_T1: 2,
  SCARD_PROTOCOL_RAW: 4,
  SCARD_LEAVE_CARD: 0,
  SCARD_RESET_CARD: 1,
  SCARD_UNPOWER_CARD: 2,
  SCARD_EJECT_CARD: 3,
  SCARD_STATE_UNAWARE: 0x0000,
  SCARD_STATE_IGNORE: 0x0001,
  SCARD_STATE_CHANGED: 0x0002,
  SCARD_STATE_UNKNOWN: 0x0004,
  SCARD_STATE_UNAVAILABLE: 0x0008,
  SCARD_STATE_EMPTY: 0x0010,
  SCARD_STATE_PRESENT: 0x0020,
  SCARD_STATE_ATRMATCH: 0x0040,
  SCARD_STATE_EXCLUSIVE: 0x0080,
  SCARD_STATE_INUSE: 0x0100,
  SCARD_STATE_MUTE: 0x0200,
} as const

/** Card states that `status()` tells, a mask (values of pcsc-lite). */
export const CARD_STATE = { ABSENT: 0x02, PRESENT: 0x04, SWALLOWED: 0x08, POWERED: 0x10, NEGOTIABLE: 0x20 } as const

const ERRORS = {
  SCARD_F_INTERNAL_ERROR: [0x80100001, 'Something inside the resource manager went wrong.'],
  SCARD_E_CANCELLED: [0x80100002, 'The call was cancelled.'],
  SCARD_E_INVALID_HANDLE: [0x80100003, 'This connection or context is closed.'],
  SCARD_E_INVALID_PARAMETER: [0x80100004, 'A parameter makes no sense.'],
  SCARD_E_INSUFFICIENT_BUFFER: [0x80100008, 'The answer is longer than the room given for it.'],
  SCARD_E_UNKNOWN_READER: [0x80100009, 'No reader has this name.'],
  SCARD_E_TIMEOUT: [0x8010000a, 'The time given for this call is over.'],
  SCARD_E_SHARING_VIOLATION: [0x8010000b, 'Sharing violation: another connection holds the reader.'],
  SCARD_E_NO_SMARTCARD: [0x8010000c, 'No smart card in the reader.'],
  SCARD_E_PROTO_MISMATCH: [0x8010000f, 'Protocol mismatch: the card does not speak what was asked for.'],
  SCARD_E_INVALID_VALUE: [0x80100011, 'A value is not one that this call knows.'],
  SCARD_E_INVALID_ATR: [0x80100015, 'The answer to reset cannot be read.'],
  SCARD_E_NOT_TRANSACTED: [0x80100016, 'The exchange with the card failed.'],
  SCARD_E_READER_UNAVAILABLE: [0x80100017, 'The reader is gone.'],
  SCARD_E_NO_SERVICE: [0x8010001d, 'The resource manager is not running.'],
  SCARD_E_UNSUPPORTED_FEATURE: [0x8010001f, 'The reader does not know this control code.'],
  SCARD_E_NO_READERS_AVAILABLE: [0x8010002e, 'No reader on this machine.'],
  SCARD_W_UNRESPONSIVE_CARD: [0x80100066, 'The card is unresponsive: no answer to reset.'],
  SCARD_W_UNPOWERED_CARD: [0x80100067, 'The card is without power.'],
  SCARD_W_RESET_CARD: [0x80100068, 'The card was reset by another connection: reconnect first.'],
  SCARD_W_REMOVED_CARD: [0x80100069, 'The card was removed.'],
} as const

/** Name of a PC/SC error, as in the C headers. */
export type ScardErrorName = keyof typeof ERRORS

/**
 * What a call on a reader may fail with.
 *
 * @example error instanceof PcscError && error.scard === 'SCARD_W_REMOVED_CARD' && error.code === 0x80100069
 */
export class PcscError extends Error {
  /** The unsigned 32-bit number that C programs see. */
  readonly code: number
  readonly scard: ScardErrorName

  constructor(scard: ScardErrorName, cause?: unknown) {
    super(ERRORS[scard][1], cause === undefined ? undefined : { cause })
    this.name = 'PcscError'
    this.code = ERRORS[scard][0]
    this.scard = scard
  }
}

/** The error of a number that a resource manager gave; one that is not in the table is an internal error with the number as cause. */
export function pcscErrorOf(code: number): PcscError {
  const named = (Object.keys(ERRORS) as ScardErrorName[]).find((name) => ERRORS[name][0] === code)
  return named ? new PcscError(named) : new PcscError('SCARD_F_INTERNAL_ERROR', `0x${code.toString(16)}`)
}
