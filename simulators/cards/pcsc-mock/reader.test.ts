import { expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { CardError, createReader, createRecorder, PcscError, SCARD } from './index.ts'

const APDU = bytes('00 84 00 00 08')
const failing = (scard: string) => expect.objectContaining({ name: 'PcscError', scard })

test('a card is powered, answers, and is left, reset or unpowered as its connection says', async () => {
  const card = exampleCard()
  const reader = createReader({ name: 'Poste 00 00' })
  reader.insert(card)
  const connection = await reader.connect()
  expect(await connection.transmit(bytes('00 DA 00 00 02 CA FE'))).toEqual(bytes('CAFE 9000'))
  await connection.disconnect(SCARD.SCARD_LEAVE_CARD)
  expect(card.life).toEqual(['reset', '00da000002cafe'])
  await (await reader.connect()).disconnect(SCARD.SCARD_RESET_CARD)
  await (await reader.connect()).disconnect(SCARD.SCARD_UNPOWER_CARD)
  expect(card.life.slice(2)).toEqual(['reset', 'off'])
  // The next connection powers it again.
  await reader.connect()
  expect(card.life.slice(4)).toEqual(['reset'])
})

test('an exclusive connection refuses others, and is refused beside them', async () => {
  const reader = createReader({ name: 'A' })
  reader.insert(exampleCard())
  const first = await reader.connect({ shareMode: SCARD.SCARD_SHARE_EXCLUSIVE })
  await expect(reader.connect()).rejects.toThrow(failing('SCARD_E_SHARING_VIOLATION'))
  await first.disconnect()
  await reader.connect()
  await expect(reader.connect({ shareMode: SCARD.SCARD_SHARE_EXCLUSIVE })).rejects.toThrow(failing('SCARD_E_SHARING_VIOLATION'))
})

test('a transaction makes the others wait, in order', async () => {
  const card = exampleCard()
  const reader = createReader({ name: 'A' })
  reader.insert(card)
  const [one, other] = [await reader.connect(), await reader.connect()]
  await one.begin()
  const waiting = other.transmit(bytes('00 B0 00 00 01'))
  await one.transmit(bytes('00 A4 00 00 00'))
  await one.end()
  await waiting
  expect(card.life).toEqual(['reset', '00a4000000', '00b0000001'])
  const strict = createReader({ name: 'B', whenHeld: 'refuse' })
  strict.insert(exampleCard())
  const [holder, refused] = [await strict.connect(), await strict.connect()]
  await holder.begin()
  await expect(refused.transmit(APDU)).rejects.toThrow(failing('SCARD_E_SHARING_VIOLATION'))
  await expect(refused.end()).rejects.toThrow(failing('SCARD_E_SHARING_VIOLATION'))
})

test('a reset by one is told to the others until they reconnect', async () => {
  const reader = createReader({ name: 'A' })
  reader.insert(exampleCard())
  const [one, other] = [await reader.connect(), await reader.connect()]
  await one.disconnect(SCARD.SCARD_RESET_CARD)
  await expect(other.transmit(APDU)).rejects.toThrow(failing('SCARD_W_RESET_CARD'))
  await other.reconnect()
  expect((await other.transmit(APDU)).length).toBe(2)
})

test('a card that is pulled breaks the exchange off, and every connection hears of it', async () => {
  const reader = createReader({ name: 'A' })
  const { promise: never } = Promise.withResolvers<Uint8Array>()
  reader.insert(exampleCard(() => never))
  const [one, other] = [await reader.connect(), await reader.connect()]
  const broken = one.transmit(APDU)
  reader.remove()
  await expect(broken).rejects.toThrow(failing('SCARD_W_REMOVED_CARD'))
  await expect(other.transmit(APDU)).rejects.toThrow(failing('SCARD_W_REMOVED_CARD'))
  await expect(other.status()).rejects.toThrow(failing('SCARD_W_REMOVED_CARD'))
  await expect(other.reconnect()).rejects.toThrow(failing('SCARD_E_NO_SMARTCARD'))
  await expect(reader.connect()).rejects.toThrow(failing('SCARD_E_NO_SMARTCARD'))
  reader.insert(exampleCard())
  await other.reconnect()
  expect((await other.transmit(APDU)).length).toBe(2)
})

test('a command that waited reaches neither another card nor one that was reset meanwhile', async () => {
  const reader = createReader({ name: 'A' })
  let answer = Promise.withResolvers<Uint8Array>()
  reader.insert(exampleCard(() => answer.promise))
  const [one, other] = [await reader.connect(), await reader.connect()]
  const running = one.transmit(APDU)
  const waiting = other.transmit(bytes('00 20 00 01 04 31323334'))
  reader.remove()
  const next = exampleCard()
  reader.insert(next)
  await expect(running).rejects.toThrow(failing('SCARD_W_REMOVED_CARD'))
  await expect(waiting).rejects.toThrow(failing('SCARD_W_REMOVED_CARD'))
  expect(next.life).toEqual(['reset'])
  reader.remove()
  answer = Promise.withResolvers<Uint8Array>()
  const third = exampleCard(() => answer.promise)
  reader.insert(third)
  const [a, b, c] = [await reader.connect(), await reader.connect(), await reader.connect()]
  const first = a.transmit(APDU)
  const resetting = b.disconnect(SCARD.SCARD_RESET_CARD)
  const late = c.transmit(APDU)
  answer.resolve(bytes('9000'))
  await first
  await resetting
  await late.catch((error: PcscError) => expect(error.scard).toBe('SCARD_W_RESET_CARD'))
  // Before the reset or not at all: nothing of the waiting command follows it.
  expect(third.life.at(-1)).toBe('reset')
})

test('silent, broken and mute cards, and protocols that the card does not speak, have their PC/SC error', async () => {
  const reader = createReader({ name: 'A' })
  reader.insert(exampleCard(() => new Uint8Array()))
  const silent = await reader.connect()
  await expect(silent.transmit(APDU)).rejects.toThrow(failing('SCARD_E_NOT_TRANSACTED'))
  reader.remove()
  const recorder = createRecorder()
  const other = createReader({ name: 'B', recorder })
  other.insert(
    exampleCard(() => {
      throw new Error('en panne')
    }),
  )
  await expect((await other.connect()).transmit(APDU)).rejects.toThrow(failing('SCARD_E_NOT_TRANSACTED'))
  expect(recorder.entries.at(-1)).toMatchObject({ kind: 'apdu', response: null, said: expect.stringContaining('en panne') })
  const mute = createReader({ name: 'C' })
  mute.insert(exampleCard(undefined, { atr: new Uint8Array() }))
  await expect(mute.connect()).rejects.toThrow(failing('SCARD_W_UNRESPONSIVE_CARD'))
  const plain = createReader({ name: 'D' })
  // 3B 00: T=0 only.
  plain.insert(exampleCard(undefined, { atr: bytes('3B 00') }))
  await expect(plain.connect({ protocols: SCARD.SCARD_PROTOCOL_T1 })).rejects.toThrow(failing('SCARD_E_PROTO_MISMATCH'))
  await expect(plain.connect({ shareMode: 7 })).rejects.toThrow(failing('SCARD_E_INVALID_VALUE'))
  await expect((await plain.connect()).transmit(APDU, { maxLength: 1 })).rejects.toThrow(failing('SCARD_E_INSUFFICIENT_BUFFER'))
  expect(new PcscError('SCARD_W_REMOVED_CARD').code).toBe(0x80100069)
})

test('a closed connection and an unplugged reader answer no more', async () => {
  const reader = createReader({ name: 'A' })
  reader.insert(exampleCard())
  const connection = await reader.connect()
  await connection.disconnect()
  await connection.disconnect()
  await expect(connection.transmit(APDU)).rejects.toThrow(failing('SCARD_E_INVALID_HANDLE'))
  const kept = await reader.connect()
  reader.detach()
  await expect(kept.transmit(APDU)).rejects.toThrow(failing('SCARD_E_READER_UNAVAILABLE'))
  expect(() => reader.insert(exampleCard())).toThrow(failing('SCARD_E_READER_UNAVAILABLE'))
})

test('a card is in one reader at a time', () => {
  const card = exampleCard()
  const [one, other] = [createReader({ name: 'A' }), createReader({ name: 'B' })]
  one.insert(card)
  expect(() => one.insert(exampleCard())).toThrow(expect.objectContaining({ code: 'SLOT_TAKEN' }))
  expect(() => other.insert(card)).toThrow(CardError)
  one.remove()
  other.insert(card)
  expect(other.card).toBe(card)
})

test('the reader answers for the number of a contactless card, and the card never sees the question', async () => {
  const card = exampleCard()
  const reader = createReader({ name: 'A' })
  reader.insert(card)
  const connection = await reader.connect()
  expect(await connection.transmit(bytes('FF CA 00 00 00'))).toEqual(bytes('04010203040506 9000'))
  expect(await connection.transmit(bytes('FF CA 01 00 00'))).toEqual(bytes('80 9000'))
  expect(await connection.transmit(bytes('FF CA 00 00 04'))).toEqual(bytes('6C07'))
  expect(await connection.transmit(bytes('FF CA 00'))).toEqual(bytes('6700'))
  expect(card.life).toEqual(['reset'])
})
