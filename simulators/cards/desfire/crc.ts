const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 without the final complement, lowest byte first (DESFire EV1 and later). The parts are taken one after the other. */
export function crc32(...parts: readonly Uint8Array[]): Buffer {
  let value = 0xffffffff
  for (const part of parts) for (const byte of part) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0)
  const out = Buffer.alloc(4)
  out.writeUInt32LE(value >>> 0)
  return out
}

/** CRC_A of ISO/IEC 14443-3 §6.2.4, lowest byte first (DESFire D40 messaging). */
export function crc16(data: Uint8Array): Buffer {
  let value = 0x6363
  for (const byte of data) {
    let mixed = byte ^ (value & 0xff)
    mixed = (mixed ^ (mixed << 4)) & 0xff
    value = ((value >>> 8) ^ (mixed << 8) ^ (mixed << 3) ^ (mixed >>> 4)) & 0xffff
  }
  return Buffer.of(value & 0xff, value >>> 8)
}
