import { concat, u16, utf8 } from '../os/bytes.ts'
import { der } from '../os/der.ts'

/** Objects of PKCS#15 (ISO/IEC 7816-15), as they stand in the files of a CPS card. */

/** Bits of KeyUsageFlags. */
export const USAGE = { decrypt: 1, sign: 2, nonRepudiation: 9 } as const
/** Bits of AccessMode that keys use. */
export const ACCESS = { sign: 5, decipher: 7, authenticate: 9 } as const

/** A path from the master file. */
export function pathOf(...fids: readonly number[]): Uint8Array {
  return der.sequence(der.octets(concat(...[0x3f00, ...fids].map(u16))))
}

/** CommonObjectAttributes: label, private (with the code `auth`) or not, access rules of [AccessMode bits, code]. */
function common(label: string, auth?: number, rules: readonly number[] = []): Uint8Array {
  const nothing = new Uint8Array()
  return der.sequence(
    der.text(label),
    auth === undefined ? der.named() : der.named(0),
    auth === undefined ? nothing : der.octets(Uint8Array.of(auth)),
    auth === undefined || rules.length === 0
      ? nothing
      : der.sequence(...rules.map((mode) => der.sequence(der.named(mode), der.octets(Uint8Array.of(auth))))),
  )
}

export function privateKey(options: {
  readonly label: string
  readonly id: Uint8Array
  readonly usage: readonly number[]
  /** Reference in MSE SET. */
  readonly reference: number
  readonly auth?: number
  readonly access?: readonly number[]
}): Uint8Array {
  const { label, id, usage, reference, auth, access } = options
  return der.sequence(
    common(label, auth, access),
    // Key access flags: sensitive, never extractable, local.
    der.sequence(der.octets(id), der.named(...usage), der.boolean(true), der.named(0, 2, 3), der.integer(reference)),
    der.context(1, der.sequence(der.sequence(der.octets(new Uint8Array())), der.integer(2048))),
  )
}

export function certificate(label: string, id: Uint8Array, path: Uint8Array): Uint8Array {
  return der.sequence(common(label), der.sequence(der.octets(id)), der.context(1, der.sequence(path)))
}

export function dataObject(label: string, path: Uint8Array, auth?: number): Uint8Array {
  return der.sequence(common(label, auth), der.sequence(der.text('CPS')), der.context(1, path))
}

/** The holder's code: four to eight digits, in the master file. */
export function code(label: string, id: number, reference: number): Uint8Array {
  const attributes = der.sequence(
    der.named(4),
    der.enumerated(1),
    der.integer(4),
    der.integer(8),
    der.integer(8),
    der.implicit(0, Uint8Array.of(reference)),
    pathOf(),
  )
  return der.sequence(der.sequence(der.text(label), der.named(0)), der.sequence(der.octets(Uint8Array.of(id))), der.context(1, attributes))
}

/** ODF: where the directories of private keys, certificates, data objects and codes stand. */
export function objectDirectory(
  directory: number,
  fids: { readonly keys: number; readonly certificates: number; readonly data: number; readonly codes?: number },
) {
  return concat(
    der.context(0, pathOf(directory, fids.keys)),
    der.context(4, pathOf(directory, fids.certificates)),
    der.context(7, pathOf(directory, fids.data)),
    fids.codes === undefined ? new Uint8Array() : der.context(8, pathOf(directory, fids.codes)),
  )
}

/** PKCS#11 mechanism, operation bits, object identifier, reference of the card (OpenSC takes the references from here). */
const ALGORITHMS: readonly (readonly [number, number, string, number])[] = [
  [0x220, 6, '1.3.14.3.2.26', 0x10],
  [0x250, 6, '2.16.840.1.101.3.4.2.1', 0x40],
  [0x006, 1, '1.2.840.113549.1.1.5', 0x12],
  [0x040, 1, '1.2.840.113549.1.1.11', 0x42],
  [0x001, 1, '1.2.840.113549.1.1.1', 0x02],
  [0x001, 5, '1.2.840.113549.1.1.1', 0x1a],
]

/** TokenInfo: maker, label, login asked for or not, algorithms of the card where the family lists them. */
export function tokenInfo(options: { readonly label: string; readonly login: boolean; readonly algorithms: boolean }): Uint8Array {
  const algorithms = ALGORITHMS.map(([mechanism, operation, oid, reference], index) =>
    der.sequence(der.integer(index + 1), der.integer(mechanism), der.nothing(), der.named(operation), der.oid(oid), der.integer(reference)),
  )
  return der.sequence(
    der.integer(0),
    der.text('SIMULATEUR'),
    der.implicit(0, utf8(options.label)),
    der.named(...(options.login ? [1] : [])),
    options.algorithms ? der.context(2, ...algorithms) : new Uint8Array(),
  )
}
