import { timingSafeEqual } from 'node:crypto'
import type { Rules } from './access.ts'
import { utf8 } from './bytes.ts'

/** A code that the holder presents, with its counter: what the chip keeps without power. */
export interface SecretCode {
  readonly reference: number
  /** Digits, at least and at most. */
  readonly length: { readonly minimum: number; readonly maximum: number }
  readonly maximum: number
  /** Tries left; 0 is locked. */
  readonly remaining: () => number
  readonly rules: Rules
  /** The code that unblocks this one. */
  readonly unblockedBy?: SecretCode
  /** True when the code is right. A try is taken before the comparison: to pull the card in the middle wins nothing. */
  present(candidate: Uint8Array): boolean
  /** New value (the old one when absent), counter full. */
  renew(value?: Uint8Array): void
  /** Sets the counter, as earlier mistakes would have. */
  preset(remaining: number): void
}

/** Makes a code out of digits. */
export function createCode(options: {
  readonly reference: number
  readonly value: string
  readonly rules: Rules
  readonly maximum?: number
  readonly unblockedBy?: SecretCode
}): SecretCode {
  const { reference, rules, maximum = 3, unblockedBy } = options
  let value = utf8(options.value)
  let remaining = maximum
  return {
    reference,
    length: { minimum: 4, maximum: 8 },
    maximum,
    remaining: () => remaining,
    rules,
    ...(unblockedBy && { unblockedBy }),
    present(candidate) {
      if (remaining === 0) return false
      remaining--
      const right = candidate.length === value.length && timingSafeEqual(candidate, value)
      if (right) remaining = maximum
      return right
    },
    renew(next) {
      if (next) value = next
      remaining = maximum
    },
    preset(left) {
      remaining = Math.max(0, Math.min(maximum, left))
    },
  }
}
