import { once } from 'node:events'
import { expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { createReader, createSystem, pcscliteOver, SCARD } from './index.ts'
import type { CardReader } from './pcsclite/index.ts'

/** A binding over one reader, as a program gets it. */
async function opened(card = exampleCard()) {
  const own = createSystem()
  const virtual = createReader({ name: 'Poste 00 00' })
  own.attach(virtual)
  const pcsc = pcscliteOver(own)
  const [reader] = (await once(pcsc, 'reader')) as [CardReader]
  return { pcsc, reader, virtual, card }
}

/** A call by callback as a promise. */
function called<Result>(call: (done: (error: Error | null | undefined, result?: Result) => void) => void): Promise<Result | undefined> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))))
}

test('a reader tells a card that comes, exchanges with it, and tells that it went', async () => {
  const { pcsc, reader, virtual, card } = await opened()
  const came = once(reader, 'status')
  virtual.insert(card)
  const [status] = await came
  expect(status.state & SCARD.SCARD_STATE_PRESENT).toBe(SCARD.SCARD_STATE_PRESENT)
  expect(status.atr).toEqual(Buffer.from(card.atr))
  const protocol = await called<number>((done) => reader.connect({ share_mode: reader.SCARD_SHARE_SHARED }, done))
  expect(protocol).toBe(SCARD.SCARD_PROTOCOL_T1)
  const answer = await called<Buffer>((done) => reader.transmit(Buffer.from(bytes('00DA000001CC')), 40, protocol ?? 0, done))
  expect(answer).toEqual(Buffer.from(bytes('CC9000')))
  await called((done) => reader.disconnect(reader.SCARD_LEAVE_CARD, done))
  const went = once(reader, 'status')
  virtual.remove()
  expect((await went)[0].state & SCARD.SCARD_STATE_EMPTY).toBe(SCARD.SCARD_STATE_EMPTY)
  const ended = once(reader, 'end')
  pcsc.close()
  await ended
})

test('errors name the call, the sentence and the number, as the binding does', async () => {
  const { reader, virtual, card } = await opened()
  await expect(called((done) => reader.connect(done))).rejects.toThrow(/^SCardConnect error: .*\(0x8010000c\)$/)
  expect(() => reader.transmit(Buffer.alloc(5), 40, 2, (error) => expect(error?.message).toBe('Card reader not connected'))).not.toThrow()
  virtual.insert(card)
  const protocol = await called<number>((done) => reader.connect(done))
  await expect(called((done) => reader.transmit(Buffer.from(bytes('00DA000001CC')), 1, protocol ?? 0, done))).rejects.toThrow(/0x80100008/)
  virtual.detach()
})
