import type { KeyName, Kms } from '#simulators/kms/index.ts'
import { type AuthenticationMode, answerChallenge, type Challenged, randomLength } from '#simulators/kms/three-pass.ts'
import { cardKey, type KeyFamily } from '../state.ts'

/** Who holds a key for the terminal: the program itself, a SAM, a KMS. */
export interface KeyHolder {
  /** Answers a card's challenge; null when it cannot. */
  answer(mode: AuthenticationMode, challenge: Uint8Array): Challenged | null | Promise<Challenged | null>
}

/**
 * A key that the terminal has itself: for tests, for transport keys, and for the terminal that should not have it.
 * @param random RndA
 */
export function localKey(family: KeyFamily, bytes: Uint8Array, random: (length: number) => Uint8Array): KeyHolder {
  const { cipher } = cardKey(family, bytes)
  return { answer: (mode, challenge) => answerChallenge(cipher, mode, challenge, random(randomLength(cipher.type))) }
}

/** A badge's key in the KMS, used where it is. */
export function kmsKey(kms: Kms, name: KeyName): KeyHolder {
  return {
    answer(mode, challenge) {
      const answer = kms.authenticate(name, mode, challenge)
      return answer.ok ? answer.value : null
    },
  }
}
