/** What a picture is, read from its own bytes. */
export interface ImageFacts {
  readonly type: 'png' | 'jpg'
  readonly mime: 'image/png' | 'image/jpeg'
  readonly width: number
  readonly height: number
}

/** Kind and size of a PNG or JPEG, whatever its name says; undefined for anything else. */
export function imageFacts(bytes: Buffer): ImageFacts | undefined {
  if (bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG') {
    return { type: 'png', mime: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  }
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 ? jpegFacts(bytes) : undefined
}

/** The size stands in the start-of-frame segment (SOF0 to SOF15, but DHT, JPG and DAC). */
function jpegFacts(bytes: Buffer): ImageFacts | undefined {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) return undefined
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { type: 'jpg', mime: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    }
  }
  return undefined
}
