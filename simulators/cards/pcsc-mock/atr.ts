import type { ContactlessCard } from './card.ts'
import { SCARD } from './scard.ts'

/** What an answer to reset says of itself. */
export interface Atr {
  /** Offered transmission protocols, as a mask of `SCARD_PROTOCOL_T0` and `SCARD_PROTOCOL_T1`. */
  readonly protocols: number
  readonly historicalBytes: Uint8Array
}

/**
 * Reads an answer to reset (ISO/IEC 7816-3 §8.2), or null when its bytes do not hold together. The check byte is not verified: an unknown
 * card with a wrong one is a case that middleware must meet.
 */
export function readAtr(atr: Uint8Array): Atr | null {
  const [ts, t0] = atr
  if (t0 === undefined || (ts !== 0x3b && ts !== 0x3f)) return null
  let at = 2
  let present = t0 >> 4
  let protocols = 0
  let checked = false
  while (present !== 0) {
    at += bitsOf(present & 0b0111)
    if (!(present & 0b1000)) break
    const td = atr[at++]
    if (td === undefined) return null
    present = td >> 4
    const protocol = td & 0x0f
    if (protocol === 0) protocols |= SCARD.SCARD_PROTOCOL_T0
    else checked = true
    if (protocol === 1) protocols |= SCARD.SCARD_PROTOCOL_T1
  }
  const end = at + (t0 & 0x0f)
  if (end + (checked ? 1 : 0) > atr.length) return null
  // Without TD1 the card speaks T=0 only (§8.2.3).
  return { protocols: protocols === 0 && !checked ? SCARD.SCARD_PROTOCOL_T0 : protocols, historicalBytes: atr.subarray(at, end) }
}

/**
 * The answer to reset that a PC/SC reader makes up for an ISO/IEC 14443-4 type A card (PC/SC part 3 §3.1.3.2.3): 3B 8n 80 01, the historical
 * bytes, the check byte.
 *
 * @example contactlessAtr(Uint8Array.of(0x80)) // 3B 81 80 01 80 80, a DESFire
 */
export function contactlessAtr(historicalBytes: Uint8Array): Uint8Array {
  const checked = [0x80 | (historicalBytes.length & 0x0f), 0x80, 0x01, ...historicalBytes.subarray(0, 15)]
  return Uint8Array.from([0x3b, ...checked, checked.reduce((sum, byte) => sum ^ byte, 0)])
}

/** Historical bytes of an answer to select (ISO/IEC 14443-4 §5.2): what follows TL, T0 and the interface bytes that T0 announces. */
export function historicalBytesOf({ ats }: Pick<ContactlessCard, 'ats'>): Uint8Array {
  const [length = 0, t0] = ats
  if (t0 === undefined) return new Uint8Array()
  return ats.subarray(2 + bitsOf((t0 >> 4) & 0b0111), Math.min(length, ats.length))
}

function bitsOf(mask: number): number {
  return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1)
}
