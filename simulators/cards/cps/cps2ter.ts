import type { Command, Reply } from '../os/apdu.ts'
import { equal, readU16, utf8 } from '../os/bytes.ts'
import type { SecretCode } from '../os/codes.ts'
import { SW } from '../os/status.ts'

/** Class of the commands of this part. */
export const TER_CLASS = 0xa0

/** One file of the CPS2ter part, by its path from the master file. */
export interface TerFile {
  /** Identifiers: `[0x7f01, 0x4000]`. */
  readonly path: readonly number[]
  readonly content: Uint8Array
  /** Read only once the holder's code was presented. */
  readonly withCode: boolean
}

/**
 * The CPS2ter part of a CPS card, as far as it is known: class A0, "bytes available" 9Fxx, errors 94xx and 98xx, situations 4010 to 401F,
 * billing situation 7F01/4000 (what the official library reads and how it reads answers). Its signature side is not known and not here.
 * The holder has one code: the counter is that of the other part.
 */
export function createTer(files: readonly TerFile[], code: SecretCode, verified: Set<SecretCode>): (command: Command) => Reply {
  let current: readonly number[] = []
  const directories = new Set(files.flatMap(({ path }) => path.slice(0, -1)))
  const found = (path: readonly number[]) => files.find((file) => file.path.join() === path.join())

  function select({ p1, p2, data }: Command): Reply {
    if (p1 !== 0 || p2 !== 0) return { status: SW.OUTSIDE_FILE }
    if (data.length !== 2) return { status: SW.WRONG_LENGTH }
    const fid = readU16(data)
    const directory = found(current) ? current.slice(0, -1) : current
    if (fid === 0x3f00) current = []
    else if (directories.has(fid)) current = [fid]
    else if (found([...directory, fid])) current = [...directory, fid]
    else return { status: SW.TER_FILE_NOT_FOUND }
    const size = found(current)?.content.length ?? 0
    // Size, identifier, type (01 master file, 02 directory, 04 file), in the order of GSM 11.11 §9.2.1.
    return {
      status: SW.OK,
      data: Uint8Array.of(0, 0, size >> 8, size & 0xff, data[0] ?? 0, data[1] ?? 0, current.length === 0 ? 1 : found(current) ? 4 : 2),
    }
  }

  function read({ p1, p2, le }: Command): Reply {
    const file = found(current)
    if (!file) return { status: SW.TER_WRONG_FILE_TYPE }
    if (file.withCode && !verified.has(code)) return { status: SW.TER_WRONG_CODE }
    const offset = (p1 << 8) | p2
    if (le === undefined) return { status: SW.WRONG_LENGTH }
    if (offset >= file.content.length) return { status: SW.TER_OUTSIDE_FILE }
    return { status: SW.OK, data: file.content.slice(offset, offset + le) }
  }

  function verify({ p1, p2, data }: Command): Reply {
    if (p1 !== 0 || p2 !== code.reference) return { status: SW.OUTSIDE_FILE }
    // Class A0 pads a code to eight bytes with FF (GSM 11.11 §9.3).
    const end = data.indexOf(0xff)
    const digits = end < 0 ? data : data.slice(0, end)
    if (data.length !== 8 || !equal(data.slice(digits.length), new Uint8Array(8 - digits.length).fill(0xff))) return { status: SW.WRONG_LENGTH }
    verified.delete(code)
    if (code.present(digits)) {
      verified.add(code)
      return { status: SW.OK }
    }
    return { status: code.remaining() === 0 ? SW.TER_CODE_LOCKED : SW.TER_WRONG_CODE }
  }

  return (command) => {
    if (command.ins === 0xa4) return select(command)
    if (command.ins === 0xb0) return read(command)
    if (command.ins === 0x20) return verify(command)
    return { status: SW.UNKNOWN_INSTRUCTION }
  }
}

/** The files that the official library looks for: sixteen situations of practice, and the billing situation. */
export function terFiles(situations: readonly string[]): readonly TerFile[] {
  return [
    ...situations.slice(0, 16).map((text, index) => ({ path: [0x4010 + index], content: utf8(text), withCode: true })),
    { path: [0x7f01, 0x4000], content: utf8('SITUATION DE FACTURATION'), withCode: true },
  ]
}
