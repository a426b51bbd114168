import { blockCipher, cbcDecrypt, cbcEncrypt } from '#simulators/kms/cipher.ts'
import { cmac } from '#simulators/kms/cmac.ts'
import type { SessionKeys } from '#simulators/kms/three-pass.ts'
import { type Channel, NOTHING, same } from './channel.ts'

const MOST_COMMANDS = 0xffff

/**
 * Messaging of DESFire EV2 and later, after commands 71 and 77 (AN12196 §3; the same protocol as AN12343): the eight odd bytes of a
 * CMAC over command or status, command counter, transaction identifier and data; enciphered data are padded with 80 00…00, under an
 * initial block made of the identifier and the counter. The counter goes up with each command, in every mode.
 */
export function ev2Channel(session: SessionKeys, transaction: Uint8Array, start: number): Channel {
  let counter = start
  // Made when they are first needed: a handshake alone needs neither.
  let keys: { readonly encryption: ReturnType<typeof blockCipher>; readonly mac: ReturnType<typeof blockCipher> } | undefined
  const ciphers = () => {
    keys ??= { encryption: blockCipher('aes', session.encryption), mac: blockCipher('aes', session.mac) }
    return keys
  }
  const count = () => Uint8Array.of(counter & 0xff, counter >> 8)
  const code = (first: number, ...parts: readonly Uint8Array[]) =>
    oddBytes(cmac(ciphers().mac, Buffer.concat([Uint8Array.of(first), count(), transaction, ...parts])))
  const initial = (label: readonly [number, number]) =>
    ciphers().encryption.encrypt(Buffer.concat([Uint8Array.from(label), transaction, count(), new Uint8Array(8)]))
  const encipher = (label: readonly [number, number], data: Uint8Array) =>
    data.length === 0 ? Buffer.alloc(0) : cbcEncrypt(ciphers().encryption, initial(label), padded(data))
  const decipher = (label: readonly [number, number], secret: Uint8Array) =>
    secret.length === 0 ? Buffer.alloc(0) : unpadded(cbcDecrypt(ciphers().encryption, initial(label), secret))
  return {
    kind: 'ev2',
    get counter() {
      return counter
    },
    bare: (mode) => (mode === 'plain' ? 'plain' : 'mac'),
    length: (header, data, mode) =>
      header + (mode === 'plain' ? data : mode === 'mac' ? data + 8 : (data === 0 ? 0 : (Math.floor(data / 16) + 1) * 16) + 8),
    open(command, body, header, mode) {
      if (counter >= MOST_COMMANDS) return null
      const data = Buffer.from(body.subarray(header))
      if (mode === 'plain') {
        counter++
        return data
      }
      if (data.length < 8 || !same(code(command, body.subarray(0, -8)), body.subarray(-8))) return null
      const text = data.subarray(0, -8)
      if (mode === 'full' && text.length % 16 !== 0) return null
      const clear = mode === 'full' ? decipher([0xa5, 0x5a], text) : text
      counter++
      return clear
    },
    seal(data, mode) {
      if (mode === 'plain') return Buffer.from(data)
      const text = mode === 'full' ? encipher([0x5a, 0xa5], data) : data
      return Buffer.concat([text, code(0, text)])
    },
    protect(command, header, data, mode, tail = NOTHING) {
      const text = mode === 'full' ? encipher([0xa5, 0x5a], Buffer.concat([data, tail])) : data
      const body = mode === 'plain' ? Buffer.concat([header, data]) : Buffer.concat([header, text, code(command, header, text)])
      counter++
      return body
    },
    check(answer, mode) {
      if (mode === 'plain') return { data: Buffer.from(answer), genuine: true }
      const text = answer.subarray(0, Math.max(0, answer.length - 8))
      const genuine = same(code(0, text), answer.subarray(text.length))
      if (mode === 'mac') return { data: Buffer.from(text), genuine }
      if (text.length % 16 !== 0) return { data: Buffer.alloc(0), genuine: false }
      const clear = decipher([0x5a, 0xa5], text)
      return clear ? { data: clear, genuine } : { data: Buffer.alloc(0), genuine: false }
    },
  }
}

/** MACt of AN12196 §3.2: the second, fourth, … byte of the CMAC. */
export function oddBytes(mac: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(8)
  for (let i = 0; i < 8; i++) out[i] = mac[2 * i + 1] ?? 0
  return out
}

/** ISO/IEC 9797-1 padding method 2. */
function padded(data: Uint8Array): Buffer {
  const out = Buffer.alloc((Math.floor(data.length / 16) + 1) * 16)
  out.set(data)
  out[data.length] = 0x80
  return out
}

/** Null when no padding ends the text. */
function unpadded(clear: Buffer): Buffer | null {
  let end = clear.length - 1
  while (end >= 0 && clear[end] === 0) end--
  return end >= 0 && clear[end] === 0x80 ? clear.subarray(0, end) : null
}
