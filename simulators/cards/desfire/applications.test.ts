import { beforeEach, describe, expect, it } from 'vitest'
import { hex, seeded, status, value, zeros } from './bench-tools.test-data.ts'
import { createDesfireCard, type DesfireCard } from './card.ts'
import { createTerminal, localKey, type Terminal } from './terminal/index.ts'

const random = seeded(6)
let terminal: Terminal

describe('applications', () => {
  let fresh: DesfireCard

  beforeEach(async () => {
    fresh = createDesfireCard({ uid: hex('04112233445566'), generation: 'EV2', random })
    terminal = createTerminal({ transmit: fresh.transmit })
    await terminal.selectApplication(0)
  })
  const master = () => terminal.authenticate('legacy', 0, localKey('des', zeros(16), random))

  it('are made, listed, selected by identifier and by name, and deleted', async () => {
    await value(terminal.command(0xca, { data: hex('F54230 0B 85') }))
    await value(terminal.command(0xca, { data: hex('010000 0F 21 10E1 D2760000850101') }))
    expect(await value(terminal.command(0x6a))).toEqual(hex('F54230 010000'))
    expect(await value(terminal.command(0x6d))).toEqual(hex('010000 10E1 D2760000850101'))
    expect(await status(terminal.command(0xca, { data: hex('F54230 0B 85') }))).toBe(0xde)
    expect(fresh.execute(hex('00A4040007D276000085010100'))).toEqual(hex('9000'))
    expect(fresh.chip.selected.aid).toBe(1)
    expect(fresh.execute(hex('00A4000C023F00'))).toEqual(hex('9000'))
    expect(fresh.execute(hex('00A4000002E110'))).toEqual(hex('9000'))
    expect(fresh.execute(hex('00A40000021234'))).toEqual(hex('6A82'))
    expect(await status(terminal.selectApplication(0x123456))).toBe(0xa0)
    await terminal.selectApplication(0)
    await master()
    await value(terminal.command(0xda, { data: hex('010000') }))
    expect(await value(terminal.command(0x6a))).toEqual(hex('F54230'))
  })

  it('cannot be made, listed or deleted by everybody once the settings are closed', async () => {
    await master()
    await value(terminal.command(0xca, { data: hex('F54230 0B 85') }))
    await value(terminal.command(0x54, { data: Uint8Array.of(0x09), mode: 'full' }))
    await terminal.selectApplication(0)
    expect(await status(terminal.command(0x6a))).toBe(0xae)
    expect(await status(terminal.command(0xca, { data: hex('010203 0B 85') }))).toBe(0xae)
    expect(await status(terminal.command(0xda, { data: hex('F54230') }))).toBe(0xae)
    expect(await status(terminal.command(0xfc))).toBe(0xae)
    await master()
    expect(await status(terminal.command(0xfc))).toBe(0)
    expect(await value(terminal.command(0x6a))).toEqual(zeros(0))
  })

  it('frees its memory when formatted, unless formatting is forbidden', async () => {
    const free = async () => (await value(terminal.command(0x6e))).readUIntLE(0, 3)
    await master()
    expect(await free()).toBe(7680)
    await value(terminal.command(0x5c, { header: Uint8Array.of(0), data: Uint8Array.of(1), mode: 'full' }))
    expect(await status(terminal.command(0xfc))).toBe(0x9d)
  })

  it('takes an AES key in place of the DES master key of the factory, and gives it to nobody else', async () => {
    await master()
    const bytes = random(16)
    await value(terminal.changeKey(0, { family: 'aes', bytes, version: 7 }))
    expect(await terminal.authenticate('ev2-first', 0, localKey('aes', bytes, random))).toMatchObject({ ok: true })
    expect(await value(terminal.command(0x45))).toEqual(hex('0F 81'))
    expect(await value(terminal.command(0x64, { header: Uint8Array.of(0) }))).toEqual(Buffer.of(7))
  })

  it('start with the default key of the card', async () => {
    await master()
    const bytes = random(24)
    await value(terminal.command(0x5c, { header: Uint8Array.of(1), data: Buffer.concat([bytes, Uint8Array.of(3)]), mode: 'full' }))
    await value(terminal.command(0xca, { data: hex('F54230 0B 82') }))
    await terminal.selectApplication(0x3042f5)
    expect(await terminal.authenticate('aes', 1, localKey('aes', bytes.subarray(0, 16), random))).toMatchObject({ ok: true })
    expect(await value(terminal.command(0x64, { header: Uint8Array.of(1) }))).toEqual(Buffer.of(3))
  })

  it('lets each key change itself, or nobody, as its settings say', async () => {
    await value(terminal.command(0xca, { data: hex('F54230 EB 82') }))
    await terminal.selectApplication(0x3042f5)
    const holder = localKey('aes', zeros(16), random)
    await terminal.authenticate('aes', 1, holder)
    await value(terminal.changeKey(1, { family: 'aes', bytes: random(16), version: 1 }))
    await terminal.authenticate('aes', 0, holder)
    expect(await status(terminal.changeKey(1, { family: 'aes', bytes: random(16), old: zeros(16) }))).toBe(0xae)
    await terminal.authenticate('aes', 0, holder)
    await value(terminal.command(0x54, { data: Uint8Array.of(0xf0), mode: 'full' }))
    expect(await status(terminal.changeKey(0, { family: 'aes', bytes: random(16) }))).toBe(0x9d)
    await terminal.authenticate('aes', 0, holder)
    expect(await status(terminal.command(0x54, { data: Uint8Array.of(0xff), mode: 'full' }))).toBe(0x9d)
  })
})
