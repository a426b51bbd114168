import { type Cipheriv, createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'

/** Block ciphers of DESFire cards and of the masters that their keys come from. `des` is one DES key, `2tdea` and `3tdea` two and three. */
export type KeyType = 'des' | '2tdea' | '3tdea' | 'aes' | 'aes192' | 'aes256'

/** A key at work. Its bytes do not come out; the schedule is made once and kept. */
export interface BlockCipher {
  readonly type: KeyType
  /** Bytes: 16 for AES, 8 for DES. */
  readonly blockSize: 8 | 16
  /** Each block by itself (ECB). The length must be a multiple of the block size: `RangeError` otherwise. */
  encrypt(blocks: Uint8Array): Buffer
  /** As `encrypt`, the other way. */
  decrypt(blocks: Uint8Array): Buffer
  /** The two subkeys of CMAC (NIST SP 800-38B §6.1), K1 and K2. */
  macKeys(): readonly [Buffer, Buffer]
}

const ALGORITHMS: Readonly<Record<KeyType, { readonly name: string; readonly keyLength: number; readonly blockSize: 8 | 16 }>> = {
  des: { name: 'des-ede3', keyLength: 8, blockSize: 8 },
  '2tdea': { name: 'des-ede3', keyLength: 16, blockSize: 8 },
  '3tdea': { name: 'des-ede3', keyLength: 24, blockSize: 8 },
  aes: { name: 'aes-128-ecb', keyLength: 16, blockSize: 16 },
  aes192: { name: 'aes-192-ecb', keyLength: 24, blockSize: 16 },
  aes256: { name: 'aes-256-ecb', keyLength: 32, blockSize: 16 },
}

/** Bytes of a key of this type. */
export function keyLength(type: KeyType): number {
  return ALGORITHMS[type].keyLength
}

/**
 * A block cipher under `key`. ECB has no state between blocks, so one OpenSSL context a direction serves for the key's whole life.
 * @throws RangeError when the key does not have `keyLength(type)` bytes
 */
export function blockCipher(type: KeyType, key: Uint8Array): BlockCipher {
  const { name, keyLength: expected, blockSize } = ALGORITHMS[type]
  if (key.length !== expected) throw new RangeError(`${type}: ${expected} bytes of key expected, ${key.length} given`)
  const secret = createSecretKey(expanded(type, key))
  let encryptor: Cipheriv | undefined
  let decryptor: ReturnType<typeof createDecipheriv> | undefined
  let subkeys: readonly [Buffer, Buffer] | undefined
  const encrypt = (blocks: Uint8Array): Buffer => {
    if (blocks.length % blockSize !== 0) throw new RangeError(`${blocks.length} bytes are no whole number of blocks`)
    encryptor ??= createCipheriv(name, secret, null).setAutoPadding(false)
    return encryptor.update(blocks)
  }
  return {
    type,
    blockSize,
    encrypt,
    decrypt(blocks) {
      if (blocks.length % blockSize !== 0) throw new RangeError(`${blocks.length} bytes are no whole number of blocks`)
      decryptor ??= createDecipheriv(name, secret, null).setAutoPadding(false)
      return decryptor.update(blocks)
    },
    macKeys() {
      if (!subkeys) {
        const first = doubled(encrypt(Buffer.alloc(blockSize)))
        subkeys = [first, doubled(first)]
      }
      return subkeys
    },
  }
}

/** OpenSSL knows triple DES with three keys only. */
function expanded(type: KeyType, key: Uint8Array): Uint8Array {
  if (type === 'des') return Buffer.concat([key, key, key])
  if (type === '2tdea') return Buffer.concat([key, key.subarray(0, 8)])
  return key
}

/** Multiplication by x in the field of the block (SP 800-38B §5.3). */
function doubled(block: Buffer): Buffer {
  const out = Buffer.alloc(block.length)
  for (let i = 0; i < block.length; i++) out[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7)
  if ((block[0] ?? 0) & 0x80) out[block.length - 1] = (out[block.length - 1] ?? 0) ^ (block.length === 16 ? 0x87 : 0x1b)
  return out
}

/** CBC encryption; `data` is a whole number of blocks. An absent `iv` is zero. */
export function cbcEncrypt(cipher: BlockCipher, iv: Uint8Array | undefined, data: Uint8Array): Buffer {
  const size = cipher.blockSize
  const out = Buffer.allocUnsafe(data.length)
  let chain = iv
  const mixed = Buffer.allocUnsafe(size)
  for (let at = 0; at < data.length; at += size) {
    for (let i = 0; i < size; i++) mixed[i] = (data[at + i] ?? 0) ^ (chain?.[i] ?? 0)
    chain = cipher.encrypt(mixed)
    out.set(chain, at)
  }
  return out
}

/** CBC decryption; `data` is a whole number of blocks. An absent `iv` is zero. */
export function cbcDecrypt(cipher: BlockCipher, iv: Uint8Array | undefined, data: Uint8Array): Buffer {
  const size = cipher.blockSize
  const out = cipher.decrypt(data)
  if (iv) for (let i = 0; i < size && i < out.length; i++) out[i] = (out[i] ?? 0) ^ (iv[i] ?? 0)
  for (let i = size; i < out.length; i++) out[i] = (out[i] ?? 0) ^ (data[i - size] ?? 0)
  return out
}

/** Exclusive or of two equally long texts. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(a.length)
  for (let i = 0; i < a.length; i++) out[i] = (a[i] ?? 0) ^ (b[i] ?? 0)
  return out
}
