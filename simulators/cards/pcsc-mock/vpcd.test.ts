import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { bytes, exampleCard } from './card.test-data.ts'
import { createRecorder, createVpcdReader, type VpcdError } from './index.ts'

const [OFF, ON, RESET, ATR] = [bytes('0001 00'), bytes('0001 01'), bytes('0001 02'), bytes('0001 04')]
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** The driver's side: listens, sends what it is told, and reads answers. */
async function driver(port = 0) {
  const server: Server = createServer()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  closing.push(() => server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

/** A virtual card in front of a driver, and the connection that it made. */
async function inserted(options: { longestFrame?: number; frameTimeout?: number } = {}) {
  const { server, port } = await driver()
  const card = exampleCard()
  const troubles: VpcdError[] = []
  const { promise: troubled, resolve } = Promise.withResolvers<VpcdError>()
  const recorder = createRecorder()
  const retry = { first: 1, last: 4 }
  const onTrouble = (error: VpcdError) => {
    troubles.push(error)
    resolve(error)
  }
  const reader = createVpcdReader({ name: 'vpcd', port, retry, onTrouble, recorder, ...options })
  closing.push(() => reader.remove())
  const arriving = once(server, 'connection') as Promise<[Socket]>
  await reader.insert(card)
  const [socket] = await arriving
  closing.push(() => socket.destroy())
  return { card, reader, recorder, server, socket, troubles, troubled, port }
}

async function asked(socket: Socket, request: Uint8Array): Promise<Uint8Array> {
  const answer = once(socket, 'data') as Promise<[Buffer]>
  socket.write(request)
  return Uint8Array.from((await answer)[0])
}

test('the driver powers the card, reads its answer to reset and exchanges commands with it', async () => {
  const { card, socket, reader } = await inserted()
  expect(reader.connected).toBe(true)
  socket.write(ON)
  expect(await asked(socket, ATR)).toEqual(bytes('0006 3B8180018080'))
  expect(await asked(socket, bytes('0006 00DA000001CC'.replace('0006', '0006')))).toEqual(bytes('0003 CC9000'))
  socket.write(RESET)
  socket.write(OFF)
  await asked(socket, ATR)
  expect(card.life).toEqual(['reset', '00da000001cc', 'reset', 'off'])
})

test('frames come in pieces, and several at once', async () => {
  const { socket } = await inserted()
  const both = Buffer.concat([ON, bytes('0006 00DA000001AA')])
  const answer = once(socket, 'data') as Promise<[Buffer]>
  for (const byte of both) {
    socket.write(Uint8Array.of(byte))
    await new Promise((next) => setImmediate(next))
  }
  expect(Uint8Array.from((await answer)[0])).toEqual(bytes('0003 AA9000'))
})

test('a silent card is answered by one byte, so that pcscd does not wait for ever', async () => {
  const { socket, card } = await inserted()
  socket.write(ON)
  card.transmit = async () => new Uint8Array()
  expect(await asked(socket, bytes('0005 00840000 08'))).toEqual(bytes('0001 00'))
})

test.each([
  ['a frame of no byte', bytes('0000'), {}, 'ZERO_LENGTH'],
  ['a frame that is too long', bytes('FFFF 00'), { longestFrame: 1024 }, 'FRAME_TOO_LONG'],
  ['a control without meaning', bytes('0001 09'), {}, 'UNKNOWN_CONTROL'],
  ['a frame that is not finished', bytes('0010 00'), { frameTimeout: 20 }, 'FRAME_CUT'],
])('%s is a typed trouble, and the card is offered again', async (_name, hostile, options, code) => {
  const { socket, troubled, server } = await inserted(options)
  const again = code === 'UNKNOWN_CONTROL' ? [socket] : (once(server, 'connection') as Promise<[Socket]>)
  socket.write(hostile)
  expect((await troubled).code).toBe(code)
  const [second] = await again
  if (second) closing.push(() => second.destroy())
  expect(second && (await asked(second, ATR))).toEqual(bytes('0006 3B8180018080'))
})

test('a driver that is restarted finds the card again, without power', async () => {
  const { card, socket, server, troubles, port, reader } = await inserted()
  socket.write(ON)
  await asked(socket, ATR)
  const closed = once(server, 'close')
  server.close()
  socket.destroy()
  await closed
  const restarted = await driver(port)
  const [second] = (await once(restarted.server, 'connection')) as [Socket]
  closing.push(() => second.destroy())
  second.write(ON)
  await asked(second, ATR)
  expect(reader.connected).toBe(true)
  expect(card.life).toEqual(['reset', 'off', 'reset'])
  // An outage is told once, however many tries it takes.
  expect(troubles.map(({ code }) => code)).toEqual(['CONNECTION_LOST'])
})

test('no driver, or one of another machine, is refused', async () => {
  const { server, port } = await driver()
  server.close()
  const card = exampleCard()
  const absent = createVpcdReader({ name: 'vpcd', port })
  await expect(absent.insert(card, { timeout: 50 })).rejects.toThrow(expect.objectContaining({ code: 'UNREACHABLE' }))
  expect(absent.card).toBeNull()
  expect(() => createVpcdReader({ name: 'vpcd', port, host: '192.0.2.1' })).toThrow(expect.objectContaining({ code: 'NOT_LOOPBACK' }))
})

test('a card that is pulled in the middle of an exchange answers nothing more, and the record is whole', async () => {
  const { socket, card, reader, recorder } = await inserted()
  const { promise: never } = Promise.withResolvers<Uint8Array>()
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  card.transmit = () => {
    resolve()
    return never
  }
  const heard: Buffer[] = []
  socket.on('data', (part: Buffer) => heard.push(part))
  const closed = once(socket, 'close')
  socket.write(Buffer.concat([ON, bytes('0005 0084000008')]))
  await reached
  reader.remove()
  await closed
  expect(heard).toEqual([])
  expect(recorder.entries.map(({ kind }) => kind)).toEqual(['insert', 'power-on', 'remove', 'apdu'])
  expect(recorder.entries.at(-1)).toMatchObject({ command: '0084000008', response: null, said: expect.stringContaining('retirée') })
})

test('a card that throws, answers nothing sensible or more than a frame holds breaks nothing', async () => {
  const { socket, card, troubled, server } = await inserted()
  socket.write(ON)
  card.transmit = () => {
    throw new Error('en panne')
  }
  expect(await asked(socket, bytes('0005 0084000008'))).toEqual(bytes('0001 00'))
  card.transmit = async () => undefined as unknown as Uint8Array
  expect(await asked(socket, bytes('0002 0084'))).toEqual(bytes('0001 00'))
  const again = once(server, 'connection') as Promise<[Socket]>
  card.transmit = async () => new Uint8Array(0x1_0000)
  socket.write(bytes('0005 0084000008'))
  expect((await troubled).code).toBe('ANSWER_TOO_LONG')
  const [second] = await again
  closing.push(() => second.destroy())
})

test('the longest frame that two bytes can announce is a command like another', async () => {
  const { socket, card } = await inserted()
  socket.write(ON)
  card.transmit = async (command) => bytes(command.length === 0xffff ? '6700' : '6F00')
  expect(await asked(socket, Buffer.concat([bytes('FFFF'), new Uint8Array(0xffff)]))).toEqual(bytes('0002 6700'))
})

test('a card is taken once it was powered and its answer to reset read; a driver that never does is told', async () => {
  const { socket, reader, server, troubled } = await inserted()
  await asked(socket, ATR)
  await expect(reader.taken({ timeout: 20 })).rejects.toThrow(expect.objectContaining({ code: 'NOT_TAKEN' }))
  const taken = reader.taken()
  await asked(socket, ATR)
  // Asked again and again without power: pcscd takes this card for the one before.
  const again = once(server, 'connection') as Promise<[Socket]>
  socket.write(ATR)
  expect((await troubled).code).toBe('NOT_TAKEN')
  const [second] = await again
  closing.push(() => second.destroy())
  second.write(ON)
  await asked(second, ATR)
  await taken
})

test('noise on the wire is a trouble or an exchange, never a crash or a hang', async () => {
  let state = 0x2545f491
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const { server, socket, reader } = await inserted({ frameTimeout: 20 })
  let current: Socket = socket
  server.on('connection', (fresh: Socket) => {
    current = fresh
    fresh.on('error', () => fresh.destroy())
    closing.push(() => fresh.destroy())
  })
  socket.on('error', () => socket.destroy())
  for (let round = 0; round < 300; round++) {
    const noise = Uint8Array.from({ length: next() % 30 }, () => (next() & 3 ? next() & 1 : next() & 0xff))
    if (current.writable) current.write(noise)
    await new Promise((turn) => setImmediate(turn))
  }
  // The last word is a connection that works.
  current.destroy()
  const [last] = (await once(server, 'connection')) as [Socket]
  expect(await asked(last, ATR)).toEqual(bytes('0006 3B8180018080'))
  expect(reader.card).not.toBeNull()
})
