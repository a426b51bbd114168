/**
 * SHA-1 and SHA-256 (FIPS 180-4) that go on from an intermediate value: IAS-ECC lets the terminal compute all rounds but the last, which
 * Node's hashes, without access to their state, cannot do.
 */
export type HashName = 'sha1' | 'sha256'

interface Rounds {
  readonly start: readonly number[]
  readonly compress: (state: readonly number[], words: Int32Array) => readonly number[]
}

const left = (x: number, n: number) => (x << n) | (x >>> (32 - n))
const right = (x: number, n: number) => (x >>> n) | (x << (32 - n))

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
const K256 = (() => {
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return Int32Array.from(primes, (prime) => ((Math.cbrt(prime) % 1) * 2 ** 32) | 0)
})()

const SHA1: Rounds = {
  start: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  compress(state, words) {
    const w = new Int32Array(80)
    w.set(words)
    for (let t = 16; t < 80; t++) w[t] = left(at(w, t - 3) ^ at(w, t - 8) ^ at(w, t - 14) ^ at(w, t - 16), 1)
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
    for (let t = 0; t < 80; t++) {
      const [mixed, constant] =
        t < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : t < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : t < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      const next = (left(a, 5) + mixed + e + constant + at(w, t)) | 0
      e = d
      d = c
      c = left(b, 30)
      b = a
      a = next
    }
    return sum(state, [a, b, c, d, e])
  },
}

const SHA256: Rounds = {
  start: [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  compress(state, words) {
    const w = new Int32Array(64)
    w.set(words)
    for (let t = 16; t < 64; t++) {
      const [x, y] = [at(w, t - 15), at(w, t - 2)]
      w[t] = at(w, t - 16) + (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) + at(w, t - 7) + (right(y, 17) ^ right(y, 19) ^ (y >>> 10))
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
    for (let t = 0; t < 64; t++) {
      const one = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + at(K256, t) + at(w, t)
      const two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    return sum(state, [a, b, c, d, e, f, g, h])
  },
}

const ROUNDS: Readonly<Record<HashName, Rounds>> = { sha1: SHA1, sha256: SHA256 }

/** Bytes of a digest, which is also the length of the intermediate value. */
export const digestBytes = (name: HashName): number => ROUNDS[name].start.length * 4

/**
 * The digest of a message of which `bits` bits (a multiple of 512) are already in the intermediate value `state` (the start of the hash when
 * absent) and `tail` is the rest.
 */
export function finishHash(name: HashName, tail: Uint8Array, state?: Uint8Array, bits = 0n): Uint8Array {
  const { start } = ROUNDS[name]
  const padded = new Uint8Array((((tail.length + 8) >> 6) + 1) << 6)
  padded.set(tail)
  padded[tail.length] = 0x80
  new DataView(padded.buffer).setBigUint64(padded.length - 8, bits + BigInt(tail.length) * 8n)
  return written(run(name, state ? read(state) : start, padded))
}

/** The intermediate value after whole blocks of 64 bytes: what a terminal computes before it asks the card for the last round. */
export function advanceHash(name: HashName, blocks: Uint8Array): Uint8Array {
  return written(run(name, ROUNDS[name].start, blocks))
}

function run(name: HashName, from: readonly number[], bytes: Uint8Array): readonly number[] {
  let state = from
  for (let start = 0; start + 64 <= bytes.length; start += 64)
    state = ROUNDS[name].compress(state, Int32Array.from(read(bytes.subarray(start, start + 64))))
  return state
}

function read(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getInt32(index * 4))
}

function written(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  words.forEach((word, index) => {
    view.setInt32(index * 4, word)
  })
  return bytes
}

function sum(before: readonly number[], added: readonly number[]): readonly number[] {
  return before.map((word, index) => (word + (added[index] ?? 0)) | 0)
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0
}
