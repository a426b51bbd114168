import { beforeAll, describe, expect, it } from 'vitest'
import type { Card } from '#core/device.ts'
import { concat, hex, toHex } from '../os/bytes.ts'
import { OPTIONS, say, seeded } from './cps.test-data.ts'
import { createCps3, createCps4 } from './index.ts'

const INSTRUCTIONS = [0x20, 0x22, 0x24, 0x2a, 0x2c, 0x70, 0x84, 0x88, 0xa4, 0xb0, 0xc0, 0xcb, 0xd6]
const CLASSES = [0x00, 0x01, 0x03, 0x0c, 0x10, 0x11, 0x20, 0x40, 0x80, 0xa0, 0xff]
/** Parameters that lead far, so that chance does. */
const WAYS: readonly (readonly [number, number])[] = [
  [0x41, 0xa4],
  [0x41, 0xb6],
  [0x41, 0xb8],
  [0x81, 0xb6],
  [0xf3, 0x05],
  [0x90, 0xa0],
  [0x9e, 0x9a],
  [0x80, 0x86],
  [0x3f, 0xff],
  [0x09, 0x04],
  [0x04, 0x00],
  [0x00, 0x01],
  [0x00, 0x81],
  [0x03, 0x81],
]
const DATA = [
  '',
  '3F00',
  '3F000001',
  '4D087006BF810102A080',
  '4D097007BF9002037F4880',
  '800102840182',
  '80014284',
  '910228',
  '9082',
  '31323334',
  'BFFFFFFFFF',
]

const cards: { readonly name: string; readonly card: Card; readonly tries: () => number }[] = []
beforeAll(() => {
  const [three, four] = [createCps3(OPTIONS), createCps4(OPTIONS)]
  cards.push(
    { name: 'CPS3 contacts', card: three.contact, tries: three.code.remaining },
    { name: 'CPS3 antenna', card: three.contactless, tries: three.code.remaining },
    { name: 'CPS4', card: four.contact, tries: four.code.remaining },
  )
})

function pick<Value>(below: (limit: number) => number, values: readonly Value[]): Value {
  const value = values[below(values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** A command that is nearly right, cut or stretched one time in three. */
function nearlyRight(below: (limit: number) => number): Uint8Array {
  const [p1, p2] = below(4) === 0 ? [below(256), below(256)] : pick(below, WAYS)
  const data = below(6) === 0 ? Uint8Array.from({ length: below(300) }, () => below(256)) : hex(pick(below, DATA))
  const head = Uint8Array.of(pick(below, CLASSES), below(5) === 0 ? below(256) : pick(below, INSTRUCTIONS), p1, p2)
  const length = below(4) === 0 ? Uint8Array.of(0, data.length >> 8, data.length & 0xff) : Uint8Array.of(data.length & 0xff)
  const whole = concat(head, data.length > 0 ? length : new Uint8Array(), data, below(2) === 0 ? Uint8Array.of(below(256)) : new Uint8Array())
  if (below(3) > 0) return whole
  return below(2) === 0
    ? whole.slice(0, below(whole.length + 1))
    : concat(
        whole,
        Uint8Array.from({ length: below(8) }, () => below(256)),
      )
}

describe('hostile commands', () => {
  it.each([0, 1, 2])('card %i answers a status word to anything', async (which) => {
    const { card, name } = cards[which] ?? {}
    if (!card) throw new Error('no card')
    const below = seeded(20261125 + which)
    for (let round = 0; round < 6000; round++) {
      if (round % 50 === 0) card.reset()
      const command = below(5) === 0 ? Uint8Array.from({ length: below(20) }, () => below(256)) : nearlyRight(below)
      const answer = await card.transmit(command)
      if (answer.length < 2) throw new Error(`${name}: no status word for ${toHex(command)}`)
      const status = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0)
      expect(
        [0x61, 0x62, 0x63, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x90, 0x94, 0x98, 0x9f],
        `${name}: ${toHex(command)}`,
      ).toContain(status >> 8)
    }
  })

  it.each([0, 1, 2])('card %i answers huge and empty commands', async (which) => {
    const { card } = cards[which] ?? {}
    if (!card) throw new Error('no card')
    card.reset()
    expect(toHex(await card.transmit(new Uint8Array()))).toBe('6700')
    expect(toHex(await card.transmit(new Uint8Array(1_000_000)))).toBe('6700')
    expect(toHex(await card.transmit(concat(hex('00A4040000FFFF'), new Uint8Array(65_535))))).toMatch(/^6[A-E]/)
    expect(await say(card, ...Array.from({ length: 300 }, () => '102A8086 FF'.concat('AA'.repeat(255))))).toMatch(/^(9000|6700|6881|6E00)$/)
    expect(await say(card, '00A40000')).toMatch(/^[69]/)
  })

  it('tells nothing about the code where it may not be presented', async () => {
    const card = createCps3(OPTIONS)
    card.contactless.reset()
    const probe = async () =>
      Promise.all(
        ['00200001', '0020000100', '00200001 04 31323334', '00200001 04 39393939', '00200081', '00200001 03 313233'].map((one) =>
          say(card.contactless, one),
        ),
      )
    const before = await probe()
    card.code.preset(1)
    expect(await probe()).toEqual(before)
    card.code.preset(0)
    expect(await probe()).toEqual(before)
    expect(new Set(before)).toEqual(new Set(['6982']))
  })

  it('takes no try and leaves no session behind for malformed presentations', async () => {
    const card = createCps3(OPTIONS)
    card.contact.reset()
    for (const bad of [
      '00200001 05 31323334',
      '00200001 04 313233',
      '00200101 04 31323334',
      '00200009 04 31323334',
      '0C200001 04 31323334',
      '00200001 00',
      '00200001 000000 31',
    ])
      await say(card.contact, bad)
    expect(card.code.remaining()).toBe(3)
    expect(await say(card.contact, '00200001')).toBe('63C3')
  })
})
