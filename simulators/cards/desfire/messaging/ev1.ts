import { blockCipher, cbcDecrypt, cbcEncrypt } from '#simulators/kms/cipher.ts'
import { cmac } from '#simulators/kms/cmac.ts'
import type { SessionKeys } from '#simulators/kms/three-pass.ts'
import { crc32 } from '../crc.ts'
import { type Channel, endOfData, NOTHING, same, zeroPadded } from './channel.ts'

const STATUS_OK = Uint8Array.of(0)

/**
 * Messaging of DESFire EV1, after commands 1A and AA. One cipher block (`chain`) is carried through all messages, both ways: a CMAC is
 * made over every message that is not enciphered, even when it is not sent; a successful answer always carries eight bytes of it.
 * Enciphered data end in a CRC-32 over command, header and data (over data and status in an answer).
 */
export function ev1Channel(session: SessionKeys): Channel {
  const cipher = blockCipher(session.type, session.encryption)
  const size = cipher.blockSize
  let chain: Buffer = Buffer.alloc(size)
  const code = (...parts: readonly Uint8Array[]) => {
    chain = cmac(cipher, Buffer.concat(parts), chain)
    return chain.subarray(0, 8)
  }
  const encipher = (clear: Buffer) => {
    const secret = cbcEncrypt(cipher, chain, zeroPadded(clear, size))
    chain = Buffer.from(secret.subarray(-size))
    return secret
  }
  const decipher = (secret: Uint8Array) => {
    const clear = cbcDecrypt(cipher, chain, secret)
    chain = Buffer.from(secret.subarray(-size))
    return clear
  }
  return {
    kind: 'ev1',
    counter: 0,
    bare: () => 'plain',
    length: (header, data, mode) =>
      header + (data === 0 || mode === 'plain' ? data : mode === 'mac' ? data + 8 : Math.ceil((data + 4) / size) * size),
    open(command, body, header, mode, length, tail = 0) {
      const first = Uint8Array.of(command)
      const data = Buffer.from(body.subarray(header))
      if (mode === 'plain' || data.length === 0) {
        code(first, body)
        return data
      }
      if (mode === 'mac') {
        const expected = code(first, body.subarray(0, -8))
        return same(expected, body.subarray(-8)) ? data.subarray(0, -8) : null
      }
      if (data.length % size !== 0) return null
      const clear = decipher(data)
      const sum = crc32(first, body.subarray(0, header), clear.subarray(0, length))
      if (!same(sum, clear.subarray(length, length + 4))) return null
      return Buffer.concat([clear.subarray(0, length), clear.subarray(length + 4, length + 4 + tail)])
    },
    seal(data, mode) {
      if (mode !== 'full' || data.length === 0) return Buffer.concat([data, code(data, STATUS_OK)])
      return encipher(Buffer.concat([data, crc32(data, STATUS_OK)]))
    },
    protect(command, header, data, mode, tail = NOTHING) {
      const first = Uint8Array.of(command)
      if (mode === 'full' && data.length > 0) return Buffer.concat([header, encipher(Buffer.concat([data, crc32(first, header, data), tail]))])
      const sum = code(first, header, data)
      return Buffer.concat(mode === 'mac' && data.length > 0 ? [header, data, sum] : [header, data])
    },
    check(answer, mode, length) {
      if (mode !== 'full' || answer.length === 0) {
        const data = Buffer.from(answer.subarray(0, Math.max(0, answer.length - 8)))
        return { data, genuine: same(code(data, STATUS_OK), answer.subarray(data.length)) }
      }
      if (answer.length % size !== 0) return { data: Buffer.alloc(0), genuine: false }
      const clear = decipher(answer)
      const right = (data: Uint8Array, sum: Uint8Array) => same(crc32(data, STATUS_OK), sum)
      const end = length ?? endOfData(clear, size, 4, right)
      const data = clear.subarray(0, Math.max(end, 0))
      return { data, genuine: end >= 0 && right(data, clear.subarray(end, end + 4)) }
    },
  }
}
