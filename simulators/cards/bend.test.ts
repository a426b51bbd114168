import { createHash, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Card } from '#core/device.ts'
import { type CardFault, type Change, compose } from '#core/fault.ts'
import { type BentCard, bend, type IdentifiedCard } from './bend.ts'
import { exchange, OPTIONS, PUBLIC, say } from './cps/cps.test-data.ts'
import { createCps3 } from './cps/index.ts'
import { command, identification, presence, response } from './faults.ts'
import { concat, hex, toHex, utf8 } from './os/bytes.ts'
import { digestInfo } from './os/rsa.ts'

/** A card of no kind: says back the instruction and a count. */
function echo(): IdentifiedCard & { readonly seen: string[]; powered: boolean } {
  const seen: string[] = []
  return {
    atr: hex('3B81800180 80'),
    uid: hex('04112233445566'),
    seen,
    powered: false,
    reset() {
      this.powered = true
    },
    powerOff() {
      this.powered = false
    },
    async transmit(apdu) {
      seen.push(toHex(apdu))
      return concat(Uint8Array.of(apdu[1] ?? 0, seen.length), hex('9000'))
    },
  }
}

function bent(card: IdentifiedCard, ...faults: readonly CardFault[]) {
  const applied: { readonly id: string; readonly changes: readonly Change[] }[] = []
  const waits: number[] = []
  let removals = 0
  const one: BentCard = bend(card, compose(...faults), {
    onApplied: ({ id }, changes) => applied.push({ id, changes }),
    delay: async (milliseconds) => void waits.push(milliseconds),
    onRemoved: () => removals++,
    resolve: () => '0499999999AABB',
  })
  one.reset()
  return { card: one, applied, waits, removals: () => removals }
}

const READ = '00B0000000'

describe('any card, bent', () => {
  it('is the honest card without faults', async () => {
    const { card, applied } = bent(echo())
    expect(await say(card, READ)).toBe('B0019000')
    expect([toHex(card.atr), toHex(card.uid ?? new Uint8Array()), applied, card.unapplied()]).toEqual(['3B8180018080', '04112233445566', [], []])
  })

  it('is taken away after so many commands, without the next one', async () => {
    const honest = echo()
    const { card, applied, removals } = bent(honest, presence.removedAfter(2))
    expect([await say(card, READ), await say(card, READ), await say(card, READ), await say(card, READ)]).toEqual(['B0019000', 'B0029000', '', ''])
    card.reset()
    expect([honest.seen.length, honest.powered, card.present(), removals(), applied.length]).toEqual([2, false, false, 1, 1])
  })

  it('is taken away while it carries a command out', async () => {
    const honest = echo()
    const { card, applied, removals } = bent(honest, presence.removedDuring('88'))
    expect([await say(card, READ), await say(card, '0088000000')]).toEqual(['B0019000', ''])
    expect([honest.seen.length, honest.powered, card.present(), removals(), applied[0]?.id]).toEqual([2, false, false, 1, 'card.removed-during'])
  })

  it('refuses an instruction by count, without carrying it out', async () => {
    const honest = echo()
    const { card, applied } = bent(honest, command.refused('88', '6F00', { nth: 2, times: 1 }))
    const answers = [await say(card, '0088000000'), await say(card, READ), await say(card, '0088000000'), await say(card, '0088000000')]
    expect(answers).toEqual(['88019000', 'B0029000', '6F00', '88039000'])
    expect(honest.seen).toHaveLength(3)
    expect(applied).toEqual([{ id: 'card.refuses', changes: [{ path: 'commande 88', before: 'exécutée', after: '6F00' }] }])
  })

  it('says another status of what it did, less of its answer, or nothing', async () => {
    expect(await say(bent(echo(), response.status('B0', '6A82')).card, READ)).toBe('6A82')
    expect(await say(bent(echo(), response.truncated('B0', 1)).card, READ)).toBe('B0')
    const { card } = bent(echo(), command.muteAfter(1))
    expect([await say(card, READ), await say(card, READ), card.present()]).toEqual(['B0019000', '', true])
    expect(await say(bent(echo(), command.unheard('B0')).card, READ)).toBe('')
  })

  it('waits on the clock of the bench', async () => {
    const { card, waits, applied } = bent(echo(), response.slow(3000, 'B0'))
    expect(await say(card, '00A4040000', READ)).toBe('B0029000')
    expect([waits, applied.length]).toEqual([[3000], 1])
  })

  it('says the answer to reset and the identifier of another', () => {
    const { card, applied } = bent(echo(), identification.unknownAtr(), identification.clonedUid())
    expect([toHex(card.atr), toHex(card.uid ?? new Uint8Array())]).toEqual(['3B00', '0499999999AABB'])
    expect(applied.map(({ changes }) => changes[0]?.before)).toEqual(['3B8180018080', '04112233445566'])
  })

  it('shows an identifier that is drawn at each activation, and has an antenna only where the card has one', () => {
    const drawn = echo()
    let count = 0
    Object.defineProperty(drawn, 'uid', { get: () => Uint8Array.of(8, 0, 0, count) })
    const { card } = bent(Object.assign(drawn, { ats: hex('067577810280') }))
    count = 7
    expect([toHex(card.uid ?? hex('')), toHex(card.ats ?? hex(''))]).toEqual(['08000007', '067577810280'])
    const contacts = bent(createCps3(OPTIONS).contact).card
    expect(['uid' in contacts, 'ats' in contacts]).toEqual([false, false])
  })

  it('is told apart from a fault that changes nothing', async () => {
    const { card, applied } = bent(echo(), response.truncated('B0', 9), command.refused('88', '6F00'))
    expect(await say(card, READ)).toBe('B0019000')
    expect(applied).toEqual([])
    expect(card.unapplied().map(({ id }) => id)).toEqual(['card.refuses', 'card.truncated'])
    const without: Card = createCps3(OPTIONS).contact
    expect(() => bend(without, [identification.clonedUid()], { onApplied: () => {} })).toThrow(expect.objectContaining({ code: 'FAULT_INERT' }))
    expect(() => bend(echo(), [identification.clonedUid()], { onApplied: () => {} })).toThrow(expect.objectContaining({ code: 'FAULT_UNRESOLVED' }))
  })

  it('refuses two faults on one place', () => {
    expect(() => compose(command.refused('88', '6F00'), command.unheard('88'))).toThrow(expect.objectContaining({ code: 'FAULT_CONFLICT' }))
  })
})

describe('a CPS3, bent', () => {
  const messages = ['un', 'deux', 'trois'].map(utf8)
  async function sign(card: Card, message: Uint8Array, le: string) {
    await say(card, '00A4020C 02 3F00', '00200001 04 31323334', '00A4090C 04 3F000001', '002241A4 06 800102 840182')
    const info = toHex(digestInfo('sha256', new Uint8Array(createHash('sha256').update(message).digest())))
    return (await exchange(card, `00880000 33 ${info} ${le}`)).data
  }

  it.each([
    ['by GET RESPONSE', ''],
    ['at once', '00'],
  ])('replays an earlier signature, fetched %s', async (_, le) => {
    const { card, applied } = bent(createCps3(OPTIONS).contact, response.replayed())
    const signatures: Uint8Array[] = []
    for (const message of messages) {
      card.reset()
      signatures.push(await sign(card, message, le))
    }
    expect(signatures[1]).toEqual(signatures[0])
    expect(messages.map((message, index) => verify('sha256', message, PUBLIC.authentication, signatures[index] ?? new Uint8Array()))).toEqual([
      true,
      false,
      true,
    ])
    expect(applied.map(({ id }) => id)).toEqual(['card.replayed'])
  })

  it.each([
    ['by GET RESPONSE', ''],
    ['at once', '00'],
  ])('turns a bit of the signature over, or cuts it, fetched %s', async (_, le) => {
    const [message = new Uint8Array()] = messages
    const corrupted = bent(createCps3(OPTIONS).contact, response.corrupted())
    const wrong = await sign(corrupted.card, message, le)
    expect([wrong.length, verify('sha256', message, PUBLIC.authentication, wrong), corrupted.applied.length]).toEqual([256, false, 1])
    const cut = bent(createCps3(OPTIONS).contact, response.truncated('88', 100))
    expect([(await sign(cut.card, message, le)).length, cut.applied.length]).toEqual([98, 1])
  })

  it('torn at each command of a login, is never left verified', async () => {
    for (let commands = 0; commands < 7; commands++) {
      const honest = createCps3(OPTIONS).contact
      const { card, applied } = bent(honest, presence.removedAfter(commands))
      await sign(card, utf8('login'), '')
      if (commands < 6) expect(applied).toHaveLength(1)
      honest.reset()
      expect(await say(honest, '00200001')).toBe('63C3')
    }
  })
})
