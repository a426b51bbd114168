import { concat } from './bytes.ts'
import { tlv } from './tlv.ts'

/** How a card is reached; each has its own rules. */
export type Face = 'contact' | 'contactless'

/** Condition bytes of ISO/IEC 7816-4 §5.4.3.2. */
export const ALWAYS = 0x00
export const NEVER = 0xff
/** The holder's code that security environment `number` names was presented. */
export const user = (number: number) => 0x10 | number

/** An access-mode byte, then one condition byte for each of its seven low bits that is set, the highest first (ISO/IEC 7816-4 §5.4.3.1). */
export interface Rule {
  readonly mode: number
  readonly conditions: readonly number[]
}

/** The rules of one object by face. What no rule allows is refused (IAS-ECC 1.0.1: only what is explicitly allowed). */
export type Rules = Readonly<Partial<Record<Face, Rule>>>

/** Bits of the access-mode byte, by kind of object. */
export const MODE = {
  file: { update: 0x02, read: 0x01 },
  code: { change: 0x40, verify: 0x20, reset: 0x10, get: 0x01 },
  key: { sign: 0x40, authenticate: 0x20, decipher: 0x10, get: 0x01 },
} as const

export const rule = (mode: number, ...conditions: readonly number[]): Rule => ({ mode, conditions })

/** The condition of one operation: that of its bit, `NEVER` where nothing is said. */
export function conditionOf(rules: Rules, face: Face, bit: number): number {
  const found = rules[face]
  if (!found || (found.mode & bit) === 0) return NEVER
  let index = 0
  for (let higher = 0x40; higher > bit; higher >>= 1) if (found.mode & higher) index++
  return found.conditions[index] ?? NEVER
}

/** The rules as a card shows them: tag 8C for contact, 9C for contactless; nothing for a face that may do nothing. */
export function writeRules(rules: Rules): Uint8Array {
  const written = (tag: number, one: Rule | undefined) => (one ? tlv(tag, Uint8Array.of(one.mode, ...one.conditions)) : new Uint8Array())
  return concat(written(0x8c, rules.contact), written(0x9c, rules.contactless))
}
