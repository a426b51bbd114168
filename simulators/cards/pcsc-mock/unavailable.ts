/** What keeps a front that needs the system from starting. */
export type UnavailableCode =
  | 'NOT_LINUX'
  | 'PCSCD_MISSING'
  | 'VPCD_MISSING'
  | 'UNSHARE_MISSING'
  | 'NAMESPACE_REFUSED'
  | 'COMPILER_MISSING'
  | 'COMPILER_FAILED'
  | 'NO_READER'
  | 'PCSCD_STOPPED'
  | 'PCSCD_NOT_READY'
  | 'SOCAT_MISSING'
  | 'PTY_FAILED'

/** Why it did not start: a sentence for the person (French), and what to do. */
export interface Unavailable {
  readonly ok: false
  readonly code: UnavailableCode
  readonly message: string
  readonly fix: string
}

export function unavailable(code: UnavailableCode, message: string, fix: string): Unavailable {
  return { ok: false, code, message, fix }
}
