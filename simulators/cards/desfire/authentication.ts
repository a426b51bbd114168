import { cbcDecrypt, cbcEncrypt, xor } from '#simulators/kms/cipher.ts'
import { type AuthenticationMode, ev2Pass, olderKeys, randomLength, rotated, sessionOf } from '#simulators/kms/three-pass.ts'
import { openChannel } from './messaging/channel.ts'
import { pretence } from './messaging/pretence.ts'
import type { CardKey, Chip, Session } from './state.ts'
import { demand, Refusal, STATUS } from './status.ts'

/** Commands that begin an authentication. */
export const AUTHENTICATIONS: Readonly<Record<number, AuthenticationMode>> = {
  10: 'legacy',
  26: 'iso',
  170: 'aes',
  113: 'ev2-first',
  119: 'ev2-non-first',
}

/**
 * How a card answers: as it should, with a bit of RndA' turned although the key is right, or with random bytes because it has no key at
 * all and hopes that nobody looks (it then goes on so, see `pretence`).
 */
export type AnswerHabit = 'honest' | 'wrong-rnda' | 'without-key'

/** After the first pass. */
export interface Started {
  readonly mode: AuthenticationMode
  readonly keyNumber: number
  readonly key: CardKey
  readonly rndB: Buffer
  readonly challenge: Buffer
  /** What a terminal told of itself (command 71), filled up to six bytes; the answer repeats it. */
  readonly capabilities: Buffer
  /** The session that a non-first authentication goes on with. */
  readonly previous: Session | undefined
}

/** First pass. The body is the key's number; command 71 adds the length of the terminal's capabilities and those. */
export function beginAuthentication(chip: Chip, mode: AuthenticationMode, body: Buffer): Started {
  const ev2 = mode === 'ev2-first' || mode === 'ev2-non-first'
  demand(!ev2 || chip.generation !== 'EV1', STATUS.illegalCommand)
  const [number = 0, told = 0] = body
  const expected = mode === 'ev2-first' ? 2 + told : 1
  // Some terminals leave the capabilities out altogether.
  demand(body.length === expected || (mode === 'ev2-first' && body.length === 1), STATUS.length)
  demand(told <= 6 || mode !== 'ev2-first', STATUS.parameter)
  const key = chip.selected.keys[number]
  if (!key) throw new Refusal(STATUS.noSuchKey)
  demand((mode === 'legacy' || mode === 'iso') === (key.family !== 'aes'), STATUS.authentication)
  demand(mode !== 'legacy' || key.family === 'des', STATUS.authentication)
  demand(mode !== 'ev2-non-first' || chip.session?.channel.kind === 'ev2', STATUS.permission)
  const rndB = Buffer.from(chip.random(randomLength(key.cipher.type)))
  const challenge = cbcEncrypt(key.cipher, undefined, rndB)
  const capabilities = Buffer.alloc(6)
  capabilities.set(body.subarray(2))
  return { mode, keyNumber: number, key, rndB, challenge, capabilities, previous: mode === 'ev2-non-first' ? chip.session : undefined }
}

/**
 * Last pass: opens the session and returns the answer that proves the key. Refuses a token of another length, or that does not hold
 * RndB as it was sent.
 */
export function endAuthentication(chip: Chip, started: Started, token: Buffer, habit: AnswerHabit): Buffer {
  const { mode, key, rndB, challenge } = started
  const { cipher } = key
  const [size, length] = [cipher.blockSize, rndB.length]
  const ev2 = mode === 'ev2-first' || mode === 'ev2-non-first'
  demand(token.length === 2 * length, STATUS.length)
  const clear =
    mode === 'legacy' ? fromTerminal(cipher.encrypt(token), token, size) : cbcDecrypt(cipher, ev2 ? undefined : challenge.subarray(-size), token)
  if (habit !== 'without-key') demand(clear.subarray(length).equals(rotated(rndB)), STATUS.authentication)
  const rndA = clear.subarray(0, length)
  const transaction = mode === 'ev2-first' ? Buffer.from(chip.random(4)) : (started.previous?.transaction ?? Buffer.alloc(0))
  const returned = rotated(rndA)
  if (habit === 'wrong-rnda') returned[0] = (returned[0] ?? 0) ^ 1
  const plain = mode === 'ev2-first' ? Buffer.concat([transaction, returned, Buffer.alloc(6), started.capabilities]) : returned
  const pass = ev2 ? ev2Pass(cipher, rndA, rndB, plain) : undefined
  const keys = sessionOf(mode, cipher.type, pass ?? olderKeys(cipher, rndA, rndB), transaction)
  const channel = openChannel(keys, started.previous?.channel.counter ?? 0, transaction)
  const pretending = habit === 'without-key'
  chip.session = { keyNumber: started.keyNumber, keys, transaction, channel: pretending ? pretence(channel, chip.random) : channel }
  if (pretending) return Buffer.from(chip.random(plain.length))
  return pass?.secret ?? cbcEncrypt(cipher, mode === 'legacy' ? undefined : token.subarray(-size), plain)
}

/** D40: undoes the terminal's chained deciphering. */
function fromTerminal(enciphered: Buffer, token: Buffer, size: number): Buffer {
  const rest = xor(enciphered.subarray(size), token.subarray(0, -size))
  return Buffer.concat([enciphered.subarray(0, size), rest])
}
