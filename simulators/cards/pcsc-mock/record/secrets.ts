import { hex } from '../hex.ts'

/** VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (ISO/IEC 7816-4 §7.5), even and odd instruction codes. */
const SECRET_INSTRUCTIONS: ReadonlySet<number> = new Set([0x20, 0x21, 0x24, 0x25, 0x2c, 0x2d])

/**
 * What a reader is handed (PC/SC part 3 §3.2.2): a key (82), a code (20), a command for the card in a form of its own (00, C2). PUT DATA may
 * write a code, and ENVELOPE carries other commands, in one piece or cut.
 */
const READER_SECRETS: ReadonlySet<number> = new Set([0x00, 0x20, 0x82, 0xc2])
const CARRIERS: ReadonlySet<number> = new Set([0xc2, 0xc3, 0xda, 0xdb])

/** True for a command whose data field is a secret code or key, or may hold one. */
export function carriesSecret(command: Uint8Array): boolean {
  const [cla, ins] = command
  if (cla === undefined || ins === undefined) return false
  if (cla === 0xff) return READER_SECRETS.has(ins)
  // DESFire's native commands have codes of their own behind class 90.
  if (cla === 0x90) return false
  return SECRET_INSTRUCTIONS.has(ins) || CARRIERS.has(ins)
}

/**
 * The command in hexadecimal, each byte of a secret written `**`. Header and an honest length byte are kept. Where the length lies nothing
 * after the header is believed to be a length, since it may be the code.
 */
export function maskedCommand(command: Uint8Array): string {
  if (!carriesSecret(command)) return hex(command)
  const kept = honestPrefix(command)
  return hex(command.subarray(0, kept)) + '**'.repeat(Math.max(0, command.length - kept))
}

/** An answer to a secret is kept as its status word alone: a broken card may echo what it was given. */
export function maskedResponse(command: Uint8Array, response: Uint8Array): string {
  if (!carriesSecret(command) || response.length <= 2) return hex(response)
  return '**'.repeat(response.length - 2) + hex(response.subarray(-2))
}

function honestPrefix(command: Uint8Array): number {
  const body = command.length - 4
  const [, , , , lc = 0, high = 0, low = 0] = command
  // A lone byte after the header is Le when it is 00 (how many tries are left?), or the one digit of a badly sent code.
  if (body <= 1) return lc === 0 ? command.length : 4
  if (lc !== 0) return body === 1 + lc || body === 2 + lc ? 5 : 4
  const length = high * 256 + low
  return body === 3 + length || body === 5 + length ? 7 : 4
}
