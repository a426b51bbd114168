import { PcscError } from '../scard.ts'

/** Errors under the class names of npm `smartcard`; `code` is the unsigned PC/SC number. */
export class PCSCError extends Error {
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.name = new.target.name
    this.code = code
  }
}

export class CardRemovedError extends PCSCError {
  constructor(message = 'The card was removed.') {
    super(message, 0x80100069)
  }
}

export class TimeoutError extends PCSCError {
  constructor(message = 'The time given for this call is over.') {
    super(message, 0x8010000a)
  }
}

export class NoReadersError extends PCSCError {
  constructor(message = 'No reader on this machine.') {
    super(message, 0x8010002e)
  }
}

export class ServiceNotRunningError extends PCSCError {
  constructor(message = 'The resource manager is not running.') {
    super(message, 0x8010001d)
  }
}

export class SharingViolationError extends PCSCError {
  constructor(message = 'Sharing violation: another connection holds the reader.') {
    super(message, 0x8010000b)
  }
}

const CLASSES: ReadonlyMap<number, new (message: string) => PCSCError> = new Map([
  [0x80100069, CardRemovedError],
  [0x8010000a, TimeoutError],
  [0x8010002e, NoReadersError],
  [0x8010001d, ServiceNotRunningError],
  [0x8010000b, SharingViolationError],
])

/** The error of the class that a PC/SC number has. */
export function createPCSCError(message: string, code: number): PCSCError {
  const known = CLASSES.get(code)
  return known ? new known(message) : new PCSCError(message, code)
}

/** Runs a call of the reader model and gives its failures in this binding's classes, the model's own as cause. */
export function translated<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw asPcscError(error)
  }
}

/** {@link translated} for calls that wait. */
export async function translatedLater<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asPcscError(error)
  }
}

function asPcscError(error: unknown): unknown {
  return error instanceof PcscError ? Object.assign(createPCSCError(error.message, error.code), { cause: error }) : error
}
