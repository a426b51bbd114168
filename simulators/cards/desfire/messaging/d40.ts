import { blockCipher, cbcDecrypt, cbcEncrypt, xor } from '#simulators/kms/cipher.ts'
import type { SessionKeys } from '#simulators/kms/three-pass.ts'
import { crc16 } from '../crc.ts'
import { type Channel, endOfData, NOTHING, same, zeroPadded } from './channel.ts'

/**
 * Messaging of the first DESFire, after command 0A: four bytes of a CBC-MAC over the data alone, or data with CRC-16 enciphered. The
 * card always enciphers and the terminal always deciphers, whichever way the data go; nothing is carried from message to message.
 */
export function d40Channel(session: SessionKeys): Channel {
  const cipher = blockCipher(session.type, session.encryption)
  const size = cipher.blockSize
  const mac = (data: Uint8Array) => {
    const padded = zeroPadded(data, size)
    return padded.length === 0 ? Buffer.alloc(4) : cbcEncrypt(cipher, undefined, padded).subarray(-size).subarray(0, 4)
  }
  return {
    kind: 'd40',
    counter: 0,
    bare: () => 'plain',
    length: (header, data, mode) =>
      header + (data === 0 || mode === 'plain' ? data : mode === 'mac' ? data + 4 : Math.ceil((data + 2) / size) * size),
    open(_command, body, header, mode, length, tail = 0) {
      const data = Buffer.from(body.subarray(header))
      if (mode === 'plain' || data.length === 0) return data
      if (mode === 'mac') {
        const clear = data.subarray(0, -4)
        return same(mac(clear), data.subarray(-4)) ? clear : null
      }
      if (data.length % size !== 0) return null
      const clear = fromTerminal(data)
      if (!same(crc16(clear.subarray(0, length)), clear.subarray(length, length + 2))) return null
      return Buffer.concat([clear.subarray(0, length), clear.subarray(length + 2, length + 2 + tail)])
    },
    seal(data, mode) {
      if (mode === 'plain' || data.length === 0) return Buffer.from(data)
      if (mode === 'mac') return Buffer.concat([data, mac(data)])
      return cbcEncrypt(cipher, undefined, zeroPadded(Buffer.concat([data, crc16(data)]), size))
    },
    protect(_command, header, data, mode, tail = NOTHING) {
      if (mode === 'plain' || data.length === 0) return Buffer.concat([header, data])
      if (mode === 'mac') return Buffer.concat([header, data, mac(data)])
      return Buffer.concat([header, toCard(zeroPadded(Buffer.concat([data, crc16(data), tail]), size))])
    },
    check(answer, mode, length) {
      if (mode === 'plain' || answer.length === 0) return { data: Buffer.from(answer), genuine: true }
      if (mode === 'mac') {
        const data = Buffer.from(answer.subarray(0, -4))
        return { data, genuine: same(mac(data), answer.subarray(-4)) }
      }
      if (answer.length % size !== 0) return { data: Buffer.alloc(0), genuine: false }
      const clear = cbcDecrypt(cipher, undefined, answer)
      const right = (data: Uint8Array, sum: Uint8Array) => same(crc16(data), sum)
      const end = length ?? endOfData(clear, size, 2, right)
      const data = clear.subarray(0, Math.max(end, 0))
      return { data, genuine: end >= 0 && right(data, clear.subarray(end, end + 2)) }
    },
  }

  /** The terminal deciphers block by block what it has mixed with the block sent before. */
  function toCard(clear: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(clear.length)
    let chain: Uint8Array = new Uint8Array(size)
    for (let at = 0; at < clear.length; at += size) {
      chain = cipher.decrypt(xor(clear.subarray(at, at + size), chain))
      out.set(chain, at)
    }
    return out
  }

  function fromTerminal(secret: Uint8Array): Buffer {
    const out = cipher.encrypt(secret)
    for (let i = size; i < out.length; i++) out[i] = (out[i] ?? 0) ^ (secret[i - size] ?? 0)
    return out
  }
}
