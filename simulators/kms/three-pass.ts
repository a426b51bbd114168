import { type BlockCipher, cbcDecrypt, cbcEncrypt, type KeyType, xor } from './cipher.ts'

/**
 * How a terminal and a DESFire card prove to each other that they hold one key: native command 0A (DES, 2TDEA, D40 messaging),
 * 1A (the DES family, EV1 messaging), AA (AES, EV1 messaging), 71 and 77 (AES, EV2 messaging).
 */
export type AuthenticationMode = 'legacy' | 'iso' | 'aes' | 'ev2-first' | 'ev2-non-first'

/** What both sides hold after the three passes. */
export interface SessionKeys {
  readonly mode: AuthenticationMode
  /** Cipher of the session keys. */
  readonly type: KeyType
  readonly encryption: Buffer
  /** The same as `encryption` but in EV2 messaging. */
  readonly mac: Buffer
  /** EV2 only: the four bytes that name the transaction; empty in a non-first authentication, which keeps the one in force. */
  readonly transaction: Buffer
}

/** The second pass, as whoever holds the key makes it. */
export interface Challenged {
  /** What the card is sent: RndA and the rotated RndB, enciphered. */
  readonly token: Buffer
  /** Judges the card's last answer. Never throws. */
  conclude(answer: Uint8Array): Concluded
}

export interface Concluded {
  /** The card sent RndA back, rotated, so it holds the key. Whoever goes on although this is false has authenticated nobody. */
  readonly genuine: boolean
  readonly session: SessionKeys
}

/** Bytes of RndA and RndB: 8 with a key of 8 or 16 bytes of DES, 16 otherwise. */
export function randomLength(type: KeyType): 8 | 16 {
  return type === 'des' || type === '2tdea' ? 8 : 16
}

/** One byte to the left, round. */
export function rotated(text: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(text.length)
  out.set(text.subarray(1))
  out[text.length - 1] = text[0] ?? 0
  return out
}

/**
 * The side of the terminal, or of the KMS on its behalf.
 * @param challenge RndB as the card enciphered it: `randomLength(cipher.type)` bytes
 * @param random RndA: as many bytes
 * @returns null when the challenge has another length
 */
export function answerChallenge(cipher: BlockCipher, mode: AuthenticationMode, challenge: Uint8Array, random: Uint8Array): Challenged | null {
  if (challenge.length !== randomLength(cipher.type) || random.length !== challenge.length) return null
  const size = cipher.blockSize
  const ev2 = mode === 'ev2-first' || mode === 'ev2-non-first'
  const rndB = cbcDecrypt(cipher, undefined, challenge)
  const plain = Buffer.concat([random, rotated(rndB)])
  const pass = ev2 ? ev2Pass(cipher, random, rndB, plain) : undefined
  const token = pass?.secret ?? (mode === 'legacy' ? backwards(cipher, plain) : cbcEncrypt(cipher, challenge.subarray(-size), plain))
  return {
    token,
    conclude(answer) {
      const expected = mode === 'ev2-first' ? 32 : random.length
      const whole = answer.length === expected
      const iv = mode === 'legacy' || ev2 ? undefined : token.subarray(-size)
      const clear = whole ? cbcDecrypt(cipher, iv, answer) : Buffer.alloc(expected)
      const returned = mode === 'ev2-first' ? clear.subarray(4, 20) : clear
      const transaction = mode === 'ev2-first' ? clear.subarray(0, 4) : Buffer.alloc(0)
      const keys = pass ?? olderKeys(cipher, random, rndB)
      return { genuine: whole && returned.equals(rotated(random)), session: sessionOf(mode, cipher.type, keys, transaction) }
    },
  }
}

/** D40: the card only ever enciphers, so the terminal deciphers what it sends, chained. */
function backwards(cipher: BlockCipher, plain: Uint8Array): Buffer {
  const size = cipher.blockSize
  const out = Buffer.allocUnsafe(plain.length)
  let chain: Uint8Array = new Uint8Array(size)
  for (let at = 0; at < plain.length; at += size) {
    chain = cipher.decrypt(xor(plain.subarray(at, at + size), chain))
    out.set(chain, at)
  }
  return out
}

/** The keys of a session, from either side's `ev2Pass` or `olderKeys`. */
export function sessionOf(
  mode: AuthenticationMode,
  type: KeyType,
  { encryption, mac }: Pick<SessionKeys, 'encryption' | 'mac'>,
  transaction: Buffer,
): SessionKeys {
  return { mode, type, encryption, mac, transaction }
}

/** Where four bytes of RndA and four of RndB are taken for the session key, in turn. */
const PARTS: Partial<Readonly<Record<KeyType, readonly number[]>>> = { des: [0], '2tdea': [0, 4], '3tdea': [0, 6, 12], aes: [0, 12] }

/** The one session key of D40 and EV1 messaging, from the key that authenticated and both random numbers. */
export function olderKeys(cipher: BlockCipher, a: Uint8Array, b: Uint8Array): Pick<SessionKeys, 'encryption' | 'mac'> {
  const parts = PARTS[cipher.type] ?? []
  const key = Buffer.concat(parts.flatMap((at) => [a.subarray(at, at + 4), b.subarray(at, at + 4)]))
  return { encryption: key, mac: key }
}

/**
 * EV2: the session keys (AN12196 §3.3; the same in AN12343), which are the CMAC of SV1 and SV2, 32 bytes that differ in their first two;
 * and beside them `text` (16 or 32 bytes), enciphered as the three passes do, from a zero block. The three chains go through the
 * cipher together, as a call of the cipher costs more than a block.
 */
export function ev2Pass(
  cipher: BlockCipher,
  a: Uint8Array,
  b: Uint8Array,
  text: Uint8Array,
): Pick<SessionKeys, 'encryption' | 'mac'> & { readonly secret: Buffer } {
  const vector = Buffer.alloc(48)
  // The first block of SV1, of SV2 and of the text.
  vector.set([0xa5, 0x5a, 0x00, 0x01, 0x00, 0x80], 0)
  vector.set([0x5a, 0xa5, 0x00, 0x01, 0x00, 0x80], 16)
  for (const at of [6, 22]) {
    vector.set(a.subarray(0, 2), at)
    for (let i = 0; i < 6; i++) vector[at + 2 + i] = (a[2 + i] ?? 0) ^ (b[i] ?? 0)
    vector.set(b.subarray(6, 8), at + 8)
  }
  vector.set(text.subarray(0, 16), 32)
  const first = cipher.encrypt(vector)
  const [k1] = cipher.macKeys()
  // The second block is the same in SV1 and SV2.
  for (let i = 0; i < 16; i++) {
    const shared = (i < 8 ? (b[8 + i] ?? 0) : (a[i] ?? 0)) ^ (k1[i] ?? 0)
    vector[i] = (first[i] ?? 0) ^ shared
    vector[16 + i] = (first[16 + i] ?? 0) ^ shared
    vector[32 + i] = (first[32 + i] ?? 0) ^ (text[16 + i] ?? 0)
  }
  const second = cipher.encrypt(text.length > 16 ? vector : vector.subarray(0, 32))
  const secret = text.length > 16 ? Buffer.concat([first.subarray(32), second.subarray(32)]) : first.subarray(32)
  return { encryption: second.subarray(0, 16), mac: second.subarray(16, 32), secret }
}
