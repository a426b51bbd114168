import { constants, createHash, type KeyObject, privateDecrypt, privateEncrypt } from 'node:crypto'
import { concat, hex } from './bytes.ts'
import type { HashName } from './running-hash.ts'

/** What stands before a digest in a DigestInfo (RFC 8017 §9.2, note 1). */
const PREFIX: Readonly<Record<HashName, Uint8Array>> = {
  sha1: hex('3021300906052B0E03021A05000414'),
  sha256: hex('3031300D060960864801650304020105000420'),
}

/** DigestInfo of a digest (RFC 8017 §9.2). */
export function digestInfo(name: HashName, digest: Uint8Array): Uint8Array {
  return concat(PREFIX[name], digest)
}

/** RSASSA-PKCS1-v1_5 of a DigestInfo that is already made (RFC 8017 §8.2.1, block type 1). */
export function signPkcs1(key: KeyObject, info: Uint8Array): Uint8Array {
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info))
}

/** The private key applied to a whole block (RFC 8017 §5.2.1). Throws when the block is no number below the modulus. */
export function applyPrivate(key: KeyObject, block: Uint8Array): Uint8Array {
  return new Uint8Array(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block))
}

/** RSASSA-PSS of a digest, salt as long as the digest, MGF1 with the same hash (RFC 8017 §8.1.1). `modulusBits` a multiple of 8. */
export function signPss(key: KeyObject, name: HashName, digest: Uint8Array, modulusBits: number, random: (length: number) => Uint8Array): Uint8Array {
  const salt = random(digest.length)
  const length = modulusBits / 8
  const seed = hash(name, new Uint8Array(8), digest, salt)
  const masked = concat(new Uint8Array(length - 2 * digest.length - 2), Uint8Array.of(1), salt)
  const mask = mgf1(name, seed, masked.length)
  masked.forEach((byte, index) => {
    masked[index] = byte ^ (mask[index] ?? 0)
  })
  masked[0] = (masked[0] ?? 0) & 0x7f
  return applyPrivate(key, concat(masked, seed, Uint8Array.of(0xbc)))
}

/** The message of a block of type 2 (RFC 8017 §7.2.2); undefined when it is none. */
export function stripEncryptionPadding(block: Uint8Array): Uint8Array | undefined {
  const end = block.indexOf(0, 2)
  return block[0] === 0 && block[1] === 2 && end >= 10 ? block.slice(end + 1) : undefined
}

function mgf1(name: HashName, seed: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let counter = 0, made = 0; made < length; counter++) {
    const part = hash(name, seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter))
    parts.push(part)
    made += part.length
  }
  return concat(...parts).slice(0, length)
}

function hash(name: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const made = createHash(name)
  for (const part of parts) made.update(part)
  return new Uint8Array(made.digest())
}
