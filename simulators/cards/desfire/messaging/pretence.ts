import type { Channel } from './channel.ts'

/**
 * The messaging of a chip that has copied a badge but not its keys: it takes whatever comes, and where a code or a cipher text is due it
 * sends as many random bytes. `real` gives the lengths.
 */
export function pretence(real: Channel, random: (length: number) => Uint8Array): Channel {
  const code = real.kind === 'd40' ? 4 : 8
  return {
    ...real,
    counter: 0,
    open(_command, body, header, mode, data, tail = 0) {
      const rest = Buffer.from(body.subarray(header))
      if (mode === 'full') return Buffer.alloc(data + tail)
      return mode === 'mac' ? rest.subarray(0, Math.max(0, rest.length - code)) : rest
    },
    seal(data, mode) {
      const size = real.kind === 'ev1' && mode !== 'full' ? data.length + code : real.length(0, data.length, mode)
      return mode === 'full' && data.length > 0 ? Buffer.from(random(size)) : Buffer.concat([data, random(size - data.length)])
    },
  }
}
