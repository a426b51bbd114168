import { beforeEach, describe, expect, it } from 'vitest'
import { cardWith, hex, seeded, status, value, zeros } from './bench-tools.test-data.ts'
import type { DesfireCard } from './card.ts'
import { createTerminal, localKey, type Terminal } from './terminal/index.ts'

const AID = 0xf50000
const random = seeded(5)
let card: DesfireCard
let terminal: Terminal

async function login(number = 0): Promise<void> {
  await terminal.selectApplication(AID)
  expect(await terminal.authenticate('ev2-first', number, localKey('aes', zeros(16), random))).toMatchObject({ ok: true })
}

const create = (code: number, text: string) => value(terminal.command(code, { data: hex(text) }))
const commit = () => status(terminal.command(0xc7))
const abort = () => status(terminal.command(0xa7))
const number = (amount: number) => {
  const out = Buffer.alloc(4)
  out.writeInt32LE(amount)
  return out
}

beforeEach(async () => {
  card = cardWith({ aid: AID })
  terminal = createTerminal({ transmit: card.transmit })
  await login()
})

describe('backup file', () => {
  const place = { file: 1, mode: 'full' } as const
  const content = () => value(terminal.readData(place, 4))

  beforeEach(() => create(0xcb, '01 03 0000 200000'))

  it('shows what is written only after the commit', async () => {
    await value(terminal.writeData(place, Buffer.from('AAAA')))
    expect(await content()).toEqual(zeros(4))
    expect(await commit()).toBe(0)
    expect(await content()).toEqual(Buffer.from('AAAA'))
    await value(terminal.writeData(place, Buffer.from('BBBB')))
    expect(await abort()).toBe(0)
    expect(await content()).toEqual(Buffer.from('AAAA'))
  })

  it('refuses to commit nothing', async () => {
    expect(await commit()).toBe(0x0c)
    await login()
    expect(await abort()).toBe(0x0c)
  })

  it.each([
    ['the field goes', () => card.powerOff()],
    ['the card is reset', () => card.reset()],
    ['another application is selected', () => card.execute(hex('5A000000'))],
    ['a command fails', () => card.execute(hex('FF'))],
  ])('forgets what is pending when %s', async (_, happens) => {
    await value(terminal.writeData(place, Buffer.from('AAAA')))
    happens()
    await login()
    expect(await commit()).toBe(0x0c)
    await login()
    expect(await content()).toEqual(zeros(4))
  })
})

/** The field may go after any frame: either all of a transaction is there, or nothing. */
it('is never torn, after whatever number of frames the field goes', async () => {
  const before = Buffer.alloc(200, 0x11)
  const after = Buffer.alloc(200, 0x22)
  const outcomes = new Set<string>()
  for (let frames = 0; frames < 20; frames++) {
    card = cardWith({ aid: AID })
    let left = Number.POSITIVE_INFINITY
    const transmit = async (command: Uint8Array) => {
      if (left <= 0) return zeros(0)
      left--
      const answer = await card.transmit(command)
      if (left === 0) card.powerOff()
      return answer
    }
    terminal = createTerminal({ transmit })
    await login()
    await create(0xcb, '01 03 0000 C80000')
    await create(0xcc, '02 03 0000 00000000 E8030000 64000000 01')
    await create(0xc0, '03 03 0000 100000 040000')
    await value(terminal.writeData({ file: 1, mode: 'full' }, before))
    expect(await commit()).toBe(0)
    left = frames
    await terminal.writeData({ file: 1, mode: 'full' }, after)
    await terminal.command(0xdc, { header: Uint8Array.of(2), data: number(30), mode: 'full' })
    await terminal.command(0x3b, { header: hex('03 000000 100000'), data: Buffer.alloc(16, 3), mode: 'full' })
    await terminal.command(0xc7)
    left = Number.POSITIVE_INFINITY
    card.powerOff()
    await login()
    const text = await value(terminal.readData({ file: 1, mode: 'full' }, 200))
    const rest = (await value(terminal.command(0x6c, { header: Uint8Array.of(2), mode: 'full', answer: 'full' }))).readInt32LE()
    const records = (await value(terminal.command(0xf5, { header: Uint8Array.of(3) }))).readUIntLE(10, 3)
    expect(text.equals(before) || text.equals(after)).toBe(true)
    outcomes.add(`${text.equals(after) ? 'after' : 'before'} ${rest} ${records}`)
  }
  expect([...outcomes].sort()).toEqual(['after 70 1', 'before 100 0'])
})

describe('value file', () => {
  beforeEach(() => create(0xcc, '02 03 0021 00000000 E8030000 64000000 01'))

  const balance = async () => (await value(terminal.command(0x6c, { header: Uint8Array.of(2), mode: 'full', answer: 'full' }))).readInt32LE()
  const change = (code: number, amount: number) => status(terminal.command(code, { header: Uint8Array.of(2), data: number(amount), mode: 'full' }))

  it('credits and debits within its limits, after the commit', async () => {
    expect(await change(0x0c, 50)).toBe(0)
    expect(await change(0xdc, 20)).toBe(0)
    expect(await balance()).toBe(100)
    expect(await commit()).toBe(0)
    expect(await balance()).toBe(130)
    expect(await change(0xdc, 131)).toBe(0xbe)
    await login()
    expect(await change(0x0c, 871)).toBe(0xbe)
    await login()
    expect(await change(0x0c, -1)).toBe(0x9e)
  })

  it('gives back once what the last transaction took', async () => {
    expect(await change(0xdc, 40)).toBe(0)
    expect(await commit()).toBe(0)
    expect(await change(0x1c, 41)).toBe(0xbe)
    await login()
    expect(await change(0x1c, 40)).toBe(0)
    expect(await commit()).toBe(0)
    expect(await balance()).toBe(100)
    expect(await change(0x1c, 1)).toBe(0xbe)
  })

  it('lets each key do what its right allows', async () => {
    // Read: key 0 … the rights 2100 are: read 2, write 1, read-write 0, change 0.
    await login(2)
    expect(await balance()).toBe(100)
    expect(await change(0x0c, 1)).toBe(0xae)
    await login(2)
    expect(await change(0xdc, 1)).toBe(0)
    await login(1)
    expect(await change(0x1c, 1)).not.toBe(0xae)
    await login(3)
    expect(await status(terminal.command(0x6c, { header: Uint8Array.of(2), mode: 'full', answer: 'full' }))).toBe(0xae)
  })
})

describe('record files', () => {
  const write = (file: number, text: string) =>
    status(terminal.command(0x3b, { header: Buffer.concat([Uint8Array.of(file), hex('000000 040000')]), data: Buffer.from(text), mode: 'mac' }))
  const read = async (file: number, offset: number, count: number) => {
    const header = Uint8Array.of(file, offset, 0, 0, count, 0, 0)
    return (await value(terminal.command(0xbb, { header, mode: 'mac', answer: 'mac' }))).toString()
  }

  it('keeps a linear file in order and refuses one record too many', async () => {
    await create(0xc1, '03 01 0000 040000 030000')
    for (const text of ['AAAA', 'BBBB', 'CCCC']) {
      expect(await write(3, text)).toBe(0)
      expect(await commit()).toBe(0)
    }
    expect(await read(3, 0, 0)).toBe('AAAABBBBCCCC')
    expect(await read(3, 1, 1)).toBe('BBBB')
    expect(await read(3, 0, 2)).toBe('BBBBCCCC')
    expect(await write(3, 'DDDD')).toBe(0xbe)
    await login()
    expect(await status(terminal.command(0xeb, { header: Uint8Array.of(3) }))).toBe(0)
    expect(await read(3, 0, 0)).toBe('AAAABBBBCCCC')
    expect(await commit()).toBe(0)
    expect(await status(terminal.command(0xbb, { header: hex('03 000000 000000'), mode: 'mac', answer: 'mac' }))).toBe(0xbe)
  })

  it('lets a cyclic file forget its oldest record', async () => {
    await create(0xc0, '04 01 0000 040000 030000')
    for (const text of ['AAAA', 'BBBB', 'CCCC']) {
      expect(await write(4, text)).toBe(0)
      expect(await commit()).toBe(0)
    }
    expect(await read(4, 0, 0)).toBe('BBBBCCCC')
    expect(await value(terminal.command(0xf5, { header: Uint8Array.of(4) }))).toEqual(hex('04 01 0000 040000 030000 020000'))
  })
})

describe('files and rights', () => {
  it('reads free what everybody may read, in plain, and refuses what nobody may', async () => {
    await create(0xcd, '05 03 0FE0 080000')
    // Rights E00F: read everybody, write and read-write key 0, change nobody.
    expect(card.chip.selected.files.get(5)?.access).toEqual({ read: 14, write: 0, readWrite: 0, change: 15 })
    card.reset()
    await terminal.selectApplication(AID)
    expect(await value(terminal.readData({ file: 5, mode: 'plain' }, 4))).toEqual(zeros(4))
    expect(await status(terminal.writeData({ file: 5, mode: 'plain' }, zeros(4)))).toBe(0xae)
    await login()
    expect(await status(terminal.command(0x5f, { header: Uint8Array.of(5), data: hex('00 0000'), mode: 'full' }))).toBe(0x9d)
  })

  it('changes the settings of a file, secretly unless everybody may', async () => {
    await create(0xcd, '06 03 0000 080000')
    expect(await status(terminal.command(0x5f, { header: Uint8Array.of(6), data: hex('00 EEEE'), mode: 'full' }))).toBe(0)
    expect(await value(terminal.command(0xf5, { header: Uint8Array.of(6) }))).toEqual(hex('00 00 EEEE 080000'))
    card.reset()
    await terminal.selectApplication(AID)
    expect(await status(terminal.command(0x5f, { header: Uint8Array.of(6), data: hex('03 0000') }))).toBe(0)
    await terminal.selectApplication(AID)
    expect(await status(terminal.readData({ file: 6, mode: 'plain' }, 4))).toBe(0xae)
  })

  it.each([
    ['a number twice', 0xcd, '07 00 0000 080000', 0xde],
    ['a number beyond 31', 0xcd, '20 00 0000 080000', 0x9e],
    ['a mode that is none', 0xcd, '01 04 0000 080000', 0x9e],
    ['a key that is not there', 0xcd, '01 00 0070 080000', 0x9e],
    ['more memory than there is', 0xcd, '01 00 0000 FFFFFF', 0x0e],
    ['a body too short', 0xcd, '01 00 0000', 0x7e],
    ['limits the wrong way round', 0xcc, '01 00 0000 02000000 01000000 01000000 00', 0x9e],
    ['a cyclic file of one record', 0xc0, '01 00 0000 010000 010000', 0x9e],
  ])('refuses %s', async (_, code, text, expected) => {
    await create(0xcd, '07 00 0000 080000')
    expect(await status(terminal.command(code, { data: hex(text) }))).toBe(expected)
  })

  it('refuses what lies outside of a file, a file that is not there, and deletes one', async () => {
    await create(0xcd, '08 03 0000 080000')
    expect(await status(terminal.readData({ file: 8, mode: 'full', offset: 6 }, 3))).toBe(0xbe)
    await login()
    expect(await status(terminal.writeData({ file: 8, mode: 'full', offset: 6 }, zeros(3)))).toBe(0xbe)
    await login()
    expect(await status(terminal.readData({ file: 9, mode: 'full' }, 3))).toBe(0xf0)
    await login()
    expect(await status(terminal.command(0xdf, { header: Uint8Array.of(8) }))).toBe(0)
    expect(await value(terminal.command(0x6f))).toEqual(zeros(0))
  })
})
