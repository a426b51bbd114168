import type { BlockCipher } from './cipher.ts'

/**
 * CMAC (NIST SP 800-38B §6.2; for AES, RFC 4493): one block. DESFire EV1 starts from the last cipher block of the session instead
 * of zero: `iv`.
 */
export function cmac(cipher: BlockCipher, message: Uint8Array, iv?: Uint8Array): Buffer {
  const size = cipher.blockSize
  const whole = message.length > 0 && message.length % size === 0
  const blocks = whole ? message.length / size : Math.floor(message.length / size) + 1
  const subkey = cipher.macKeys()[whole ? 0 : 1]
  return chained(cipher, message, blocks, subkey, iv)
}

/**
 * CMAC over exactly two blocks, as AN10922 §2 pads its input: a message shorter than two blocks is filled up with 80 00…00 and takes
 * K2 even when it fits in one.
 * @throws RangeError when the message is longer than two blocks
 */
export function cmacOfTwoBlocks(cipher: BlockCipher, message: Uint8Array): Buffer {
  const size = 2 * cipher.blockSize
  if (message.length > size) throw new RangeError(`${message.length} bytes do not fit in two blocks`)
  return chained(cipher, message, 2, cipher.macKeys()[message.length === size ? 0 : 1], undefined)
}

function chained(cipher: BlockCipher, message: Uint8Array, blocks: number, subkey: Uint8Array, iv: Uint8Array | undefined): Buffer {
  const size = cipher.blockSize
  const mixed = Buffer.allocUnsafe(size)
  let chain: Buffer | Uint8Array | undefined = iv
  for (let block = 0; block < blocks; block++) {
    const last = block === blocks - 1
    for (let i = 0; i < size; i++) {
      const at = block * size + i
      const byte = at < message.length ? (message[at] ?? 0) : at === message.length ? 0x80 : 0
      mixed[i] = byte ^ (chain?.[i] ?? 0) ^ (last ? (subkey[i] ?? 0) : 0)
    }
    chain = cipher.encrypt(mixed)
  }
  return chain as Buffer
}
