import { crc32, deflateSync } from 'node:zlib'

const [WIDTH, HEIGHT] = [640, 400]
const BAND = { 'signed-in': [0, 99, 65], 'signed-out': [90, 90, 110], refused: [160, 30, 40] } as const

/** A PNG that looks from afar like the page of a product: a coloured band over grey lines. */
export function examplePicture(kind: keyof typeof BAND): Buffer {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT, 0xff)
  for (let y = 0; y < HEIGHT; y++) {
    rows[y * (WIDTH * 3 + 1)] = 0
    for (let x = 0; x < WIDTH; x++) {
      const text = y > 100 && y % 40 < 14 && x > 40 && x < 500 - ((y * 7) % 190)
      const [red, green, blue] = y < 60 ? BAND[kind] : text ? [205, 210, 220] : [255, 255, 255]
      rows.set([red, green, blue], y * (WIDTH * 3 + 1) + 1 + x * 3)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
