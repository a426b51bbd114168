import type { KeyObject } from 'node:crypto'
import { concat, hex } from '../os/bytes.ts'

/** The person and the card, as a simulator is handed them; fictional people only. */
export interface CpsIdentity {
  /** Ten digits: `2900995235`. The first eight are the serial number of the chip. */
  readonly cardNumber: string
  readonly familyName: string
  readonly givenName: string
  /** National identifier with its type in front: `899700218896`. */
  readonly nationalId: string
  /** As the certificate's title has it: `Médecin`. */
  readonly profession: string
  /** What the situations of practice say, sixteen at most; read with the holder's code. */
  readonly situations: readonly string[]
}

/** What a chip computes with and shows. Certificates in DER. */
export interface CpsCredentials<Purpose extends string> {
  readonly keys: Readonly<Record<Purpose, KeyObject>>
  readonly certificates: Readonly<Record<Purpose, Uint8Array>>
}

/**
 * EF.SN.ICC (D003): 5A 0A, issuer 8025000001, eight digits in BCD, their Luhn digit over all eighteen, filler F.
 * @example serialFile('2900995235') // 5A0A 8025000001 29009952 9F
 */
export function serialFile(cardNumber: string): Uint8Array {
  const digits = `8025000001${cardNumber.slice(0, 8).padStart(8, '0')}`
  return concat(hex('5A0A'), hex(`${digits}${luhn(digits)}F`))
}

/** The check digit of ISO/IEC 7812-1 annex B. */
export function luhn(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return (10 - (sum % 10)) % 10
}
