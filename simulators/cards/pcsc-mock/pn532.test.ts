import { once } from 'node:events'
import { type Duplex, duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { createPn532 } from './index.ts'

const ACK = '0000ff00ff00'

/** A chip with a card in its field, and the host's end of its line. */
function chipWith(card = exampleCard()) {
  const chip = createPn532({ name: 'PN532' })
  const [host, line] = duplexPair()
  chip.attach(line)
  chip.insert(card)
  return { chip, host, card }
}

/** A host's frame (PN532 user manual §6.2.1.1). */
function frame(...data: number[]): Uint8Array {
  const body = [0xd4, ...data]
  const sum = body.reduce((total, byte) => total + byte, 0)
  return Uint8Array.from([0, 0, 0xff, body.length, -body.length & 0xff, ...body, -sum & 0xff, 0])
}

/** Sends bytes and reads what the chip says, acknowledgement included, until it has said so many bytes. */
async function said(host: Duplex, sent: Uint8Array, length: number): Promise<string> {
  host.write(sent)
  let heard = Buffer.alloc(0)
  while (heard.length < length) {
    const more = host.read() as Buffer | null
    if (more) heard = Buffer.concat([heard, more])
    else await once(host, 'readable')
  }
  return heard.toString('hex')
}

test('a host finds the card and exchanges commands with it', async () => {
  const { host, card } = chipWith()
  // Preamble and wake-up bytes, as libnfc sends them.
  expect(await said(host, Buffer.concat([bytes('55 55 00 00 00'), frame(0x02)]), 19)).toBe(`${ACK}0000ff06fad50332010607e800`)
  const found = await said(host, frame(0x4a, 1, 0), 6 + 8 + 19)
  expect(found).toContain('d54b0101034420070401020304050606757781028')
  expect(await said(host, frame(0x40, 1, 0x90, 0x60, 0, 0, 0), 6 + 7 + 5)).toMatch(/d541009000..00$/)
  expect(card.life).toEqual(['reset', '9060000000'])
})

test('an exchange without a card, or with one that is pulled, is a time-out of the chip', async () => {
  const { chip, host, card } = chipWith()
  const { promise: never } = Promise.withResolvers<Uint8Array>()
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  card.transmit = () => {
    resolve()
    return never
  }
  await said(host, frame(0x4a, 1, 0), 6 + 8 + 19)
  const answer = said(host, frame(0x40, 1, 0x60), 6 + 10)
  await reached
  chip.remove()
  expect(await answer).toContain('d54101')
  expect(await said(host, frame(0x4a, 1, 0), 6 + 10)).toContain('d54b00')
})

test.each([
  ['a wrong length checksum', bytes('0000FF 0301 D44A01 00')],
  ['a wrong data checksum', bytes('0000FF 03FD D44A01 00 00')],
  ['a frame that is no host’s', bytes('0000FF 02FE D502 29 00')],
  ['a length beyond the chip', bytes('0000FF FFFF 4000 C0')],
])('%s is refused, and the line goes on', async (_name, hostile) => {
  const { host } = chipWith()
  expect(await said(host, hostile, 8)).toContain('0000ff01ff7f8100')
  expect(await said(host, frame(0x02), 19)).toContain(`${ACK}0000ff06fad503`)
})

test('a native answer of one byte is a whole answer, an empty one a time-out; another target is refused', async () => {
  const { host, card } = chipWith(exampleCard(([code]) => bytes(code === 0x5a ? '00' : '')))
  await said(host, frame(0x4a, 1, 0), 6 + 8 + 19)
  expect(await said(host, frame(0x40, 1, 0x5a, 0, 0, 0), 6 + 11)).toContain('d5410000')
  expect(await said(host, frame(0x40, 1, 0x60), 6 + 10)).toContain('d54101')
  expect(await said(host, frame(0x40, 2, 0x60), 6 + 10)).toContain('d54127')
  expect(await said(host, frame(0x52, 0), 6 + 10)).toContain('d55300')
  expect(card.life.at(-1)).toBe('off')
})

test('noise on the line is skipped, whatever it looks like, and no memory is kept of it', async () => {
  const { host } = chipWith()
  host.write(Buffer.alloc(100_000, 0x55))
  host.write(Buffer.alloc(100_000, 0x00))
  expect(await said(host, frame(0x02), 19)).toContain('d503320106')
})
