import { describe, expect, it } from 'vitest'
import { cardWith, hex, seeded, withFile, zeros } from './bench-tools.test-data.ts'
import type { DesfireCard } from './card.ts'
import { behindReader } from './reader.ts'
import { createTerminal, localKey } from './terminal/index.ts'

const AID = 0xf50000
const STATUSES = new Set([0x00, 0x0c, 0x0e, 0x1c, 0x1e, 0x40, 0x7e, 0x9d, 0x9e, 0xa0, 0xae, 0xaf, 0xbe, 0xca, 0xce, 0xde, 0xf0])
const SESSIONS = [undefined, 'legacy', 'iso', 'aes', 'ev2-first'] as const

/** Whatever was sent: an answer that ends, or begins, in a status that is known. */
function judge(card: DesfireCard, command: Uint8Array): number {
  const answer = card.execute(command)
  const told = command.length > 0 ? command[0] : undefined
  if (told === 0x90) {
    expect(answer.length).toBeGreaterThanOrEqual(2)
    expect(answer.at(-2)).toBe(0x91)
    expect(STATUSES).toContain(answer.at(-1))
    return answer.at(-1) ?? -1
  }
  if (told !== undefined && told <= 0x03 && (told === 0 || command.length >= 4)) {
    expect([0x90, 0x67, 0x6a, 0x6d, 0x6e]).toContain(answer.at(-2))
    return answer.at(-1) ?? -1
  }
  expect(answer.length).toBeGreaterThanOrEqual(1)
  expect(answer.length).toBeLessThanOrEqual(60)
  expect(STATUSES).toContain(answer[0])
  return answer[0] ?? -1
}

async function cardInSession(seed: number, mode: (typeof SESSIONS)[number]): Promise<DesfireCard> {
  const random = seeded(seed)
  const family = mode === 'legacy' || mode === 'iso' ? 'des' : 'aes'
  const card = cardWith({ aid: AID, family }, random)
  for (const [number, how] of (['plain', 'mac', 'full'] as const).entries()) withFile(card, number, how, 0x0000, 64)
  const terminal = createTerminal({ transmit: card.transmit })
  await terminal.selectApplication(AID)
  if (mode) expect(await terminal.authenticate(mode, 0, localKey(family, zeros(16), random))).toMatchObject({ ok: true })
  return card
}

describe.each(SESSIONS)('in session %s', (mode) => {
  it('answers random bytes, each command with random bodies, native and wrapped', async () => {
    const random = seeded(101)
    for (let round = 0; round < 8; round++) {
      let card = await cardInSession(round + 1, mode)
      for (let command = 0; command < 256; command++) {
        const [length = 0, form = 0] = random(2)
        const body = random(length % (form & 4 ? 9 : 70))
        const native = Buffer.concat([Uint8Array.of(command), body])
        const wrapped = Buffer.concat([Uint8Array.of(0x90, command, 0, 0, body.length), body, zeros(1)])
        judge(card, form & 1 ? native : wrapped)
        // Most refusals end the session; every so often the game begins anew.
        if (form > 200) card = await cardInSession(round + 1, mode)
      }
    }
  })

  it('answers every cut of a right command', async () => {
    for (const right of [hex('BD02000000000000'), hex('3D02000000400000'), hex('C400'), hex('60'), hex('CD05000000200000'), hex('5C0002')]) {
      const whole = Buffer.concat([right, zeros(80)])
      for (let length = 1; length <= whole.length; length++) {
        const card = await cardInSession(9, mode)
        judge(card, whole.subarray(0, length))
        judge(card, hex('AF'))
        judge(card, Buffer.concat([hex('AF'), zeros(length)]))
      }
    }
  })
})

describe('malformed commands', () => {
  it.each([
    ['nothing', '', '7E'],
    ['a wrapped command without lengths', '9060', '917E'],
    ['a length that promises more', '905A0000FF000000', '917E'],
    ['a length that promises less', '905A000001F5000000', '917E'],
    ['an extended length that promises more', '905A00000000FF01', '917E'],
    ['an extended length of nothing', '905A0000000000FF', '917E'],
    ['a case 2 command in extended length', '90600000000000', '04010112001A0591AF'],
    ['a parameter where none belongs', '905A010003F5000000', '919E'],
    ['an unknown native command', '99', '1C'],
    ['an unknown wrapped command', '9099000000', '911C'],
    ['an unknown class', '80CA000000', '1C'],
    ['a frame out of nowhere', 'AF', 'CA'],
    ['a wrapped frame out of nowhere', '90AF000000', '91CA'],
    ['command chaining of ISO 7816-4', '10A4040000', '1C'],
    ['another logical channel', '01A4040C00', '6E00'],
    ['an ISO command that is not known', '0084000008', '6D00'],
    ['an ISO command without its length', '00A404', '6700'],
    ['an ISO command whose length lies', '00A4040020D276', '6700'],
  ])('%s', (_, command, expected) => {
    expect(cardWith({}).execute(hex(command))).toEqual(hex(expected))
  })

  it('are answered when they are huge', () => {
    const card = cardWith({ aid: AID })
    judge(card, Buffer.alloc(70_000, 0x5a))
    judge(card, Buffer.concat([hex('90 5A 00 00 00 FF FF'), Buffer.alloc(65_535), hex('0000')]))
    judge(card, Buffer.alloc(70_000))
    judge(card, Buffer.alloc(70_000, 0x90))
  })

  it('behind a reader too', async () => {
    const random = seeded(77)
    const front = behindReader(cardWith({}))
    for (let i = 0; i < 2000; i++) {
      const answer = await front.transmit(Buffer.concat([hex('FF'), random(random(1)[0] ?? 0)]))
      expect(answer.length).toBeGreaterThanOrEqual(2)
    }
  })
})

describe('chains', () => {
  it('that bring nothing end at once', async () => {
    const card = await cardInSession(4, 'aes')
    expect(judge(card, hex('3D00000000400000'))).toBe(0xaf)
    expect(judge(card, hex('AF'))).toBe(0x7e)
    expect(judge(card, hex('AF'))).toBe(0xca)
  })

  it('never hold more than the file can take', async () => {
    const card = await cardInSession(4, undefined)
    withFile(card, 5, 'plain', 0xeeee, 64)
    expect(judge(card, hex('3D05000000FFFFFF'))).toBe(0xbe)
    expect(judge(card, hex('3D05000000400000'))).toBe(0xaf)
    let frames = 0
    while (judge(card, hex('AF00')) === 0xaf) frames++
    expect(frames).toBe(63)
    expect(judge(card, hex('3D05000000400000'))).toBe(0xaf)
    expect(judge(card, Buffer.concat([hex('AF'), zeros(65)]))).toBe(0x7e)
  })

  it('are dropped by another command, and by the field', async () => {
    const card = await cardInSession(4, undefined)
    withFile(card, 5, 'plain', 0xeeee, 64)
    judge(card, hex('3D05000000400000'))
    judge(card, hex('60'))
    expect(judge(card, Buffer.concat([hex('AF'), zeros(64)]))).not.toBe(0)
    judge(card, hex('AA00'))
    card.reset()
    expect(judge(card, Buffer.concat([hex('AF'), zeros(32)]))).toBe(0xca)
  })
})

it('a terminal at a card that says anything ends, with an outcome', async () => {
  const random = seeded(5150)
  for (let round = 0; round < 300; round++) {
    const framing = round % 2 ? 'native' : 'wrapped'
    const transmit = async () => {
      const [length = 0, how = 0] = random(2)
      const text = random(length % 80)
      return framing === 'native'
        ? Buffer.concat([Uint8Array.of(how & 1 ? 0 : how & 2 ? 0xaf : how), text])
        : Buffer.concat([text, Uint8Array.of(0x91, how & 1 ? 0 : 0xaf)])
    }
    const terminal = createTerminal({ transmit, framing })
    await terminal.selectApplication(AID)
    for (const mode of ['legacy', 'aes', 'ev2-first'] as const) {
      const outcome = await terminal.authenticate(mode, 0, localKey(mode === 'legacy' ? 'des' : 'aes', zeros(16), random))
      expect(outcome.ok).toBe(false)
    }
    await terminal.readData({ file: 1, mode: 'full' }, 20)
    await terminal.getCardUid()
  }
  const endless = createTerminal({ transmit: async () => hex('91AF') })
  expect(await endless.command(0x60)).toEqual({ ok: false, because: 'unreadable', status: null })
})
