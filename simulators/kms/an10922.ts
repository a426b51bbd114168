import { type BlockCipher, xor } from './cipher.ts'
import { cmacOfTwoBlocks } from './cmac.ts'

/**
 * Diversifies a master key (NXP AN10922 §2.2 AES-128, §2.3 AES-192, §2.4 2TDEA, §2.5 3TDEA, §2.6 AES-256): a key as long as the master.
 * For TDEA the version of the key is not put back into the parity bits (see `withVersion`).
 *
 * @param master the master key at work; its type chooses the variant (`des` has none)
 * @param input what tells one badge from another, usually UID, application identifier and a name of the system: 1 to 31 bytes (AES),
 *   1 to 15 (TDEA)
 * @throws RangeError for an input of another length or a single DES master
 * @example diversify(master, Buffer.concat([uid, aid, Buffer.from('hospicert')]))
 */
export function diversify(master: BlockCipher, input: Uint8Array): Buffer {
  const most = 2 * master.blockSize - 1
  if (input.length < 1 || input.length > most) throw new RangeError(`1 to ${most} bytes of diversification input expected, ${input.length} given`)
  const part = (constant: number) => cmacOfTwoBlocks(master, Buffer.concat([Uint8Array.of(constant), input]))
  switch (master.type) {
    case 'aes':
      return part(0x01)
    case 'aes192': {
      const [a, b] = [part(0x11), part(0x12)]
      return Buffer.concat([a.subarray(0, 8), xor(a.subarray(8), b.subarray(0, 8)), b.subarray(8)])
    }
    case 'aes256':
      return Buffer.concat([part(0x41), part(0x42)])
    case '2tdea':
      return Buffer.concat([part(0x21), part(0x22)])
    case '3tdea':
      return Buffer.concat([part(0x31), part(0x32), part(0x33)])
    case 'des':
      throw new RangeError('AN10922 has no variant for a single DES key')
  }
}

/** A DES or TDEA key that carries its version in the lowest bits of its first eight bytes, the first byte the highest bit. */
export function withVersion(key: Uint8Array, version: number): Buffer {
  const out = Buffer.from(key)
  for (let i = 0; i < 8; i++) out[i] = ((out[i] ?? 0) & 0xfe) | ((version >> (7 - i)) & 1)
  return out
}
