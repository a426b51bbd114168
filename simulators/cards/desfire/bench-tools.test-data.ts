import { handClock } from '#core/clock.ts'
import { createKms, type KmsOptions } from '#simulators/kms/index.ts'
import type { BadgePlan } from './badge.ts'
import { createDesfireCard, type DesfireCard } from './card.ts'
import { cardKey, type KeyFamily, newApplication } from './state.ts'
import type { Outcome } from './terminal/index.ts'

export const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
export const zeros = (length: number) => Buffer.alloc(length)

/** Random bytes that come again with the same seed (xorshift32). */
export function seeded(seed: number): (length: number) => Buffer {
  let state = seed || 1
  return (length) => {
    const out = Buffer.alloc(length)
    for (let i = 0; i < length; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      out[i] = (state >>> 8) & 0xff
    }
    return out
  }
}

/** Gives these texts one after the other; an error when something else is asked for. */
export function scripted(...texts: readonly string[]): (length: number) => Buffer {
  const queue = texts.map(hex)
  return (length) => {
    const next = queue.shift()
    if (next?.length !== length) throw new Error(`${length} random bytes asked for, ${next?.length} prepared`)
    return next
  }
}

/** A card with one application whose keys are all zero. */
export function cardWith(
  made: {
    readonly generation?: 'EV1' | 'EV2' | 'EV3'
    readonly aid?: number
    readonly family?: KeyFamily
    readonly keys?: number
    readonly settings?: number
  },
  random: (length: number) => Uint8Array = seeded(7),
): DesfireCard {
  const card = createDesfireCard({ uid: hex('04958CAA5C5E80'), generation: made.generation ?? 'EV2', random })
  const application = newApplication(card.chip, {
    aid: made.aid ?? 0xf50000,
    settings: made.settings ?? 0x0f,
    family: made.family ?? 'aes',
    keys: made.keys ?? 5,
  })
  card.chip.applications.set(application.aid, application)
  return card
}

/** Puts a standard file into the card's only application. */
export function withFile(card: DesfireCard, number: number, mode: 'plain' | 'mac' | 'full', access: number, size: number): DesfireCard {
  const application = [...card.chip.applications.values()].find(({ aid }) => aid !== 0)
  application?.files.set(number, {
    kind: 'standard',
    mode,
    isoId: undefined,
    access: { read: access >> 12, write: (access >> 8) & 15, readWrite: (access >> 4) & 15, change: access & 15 },
    data: zeros(size),
    pending: undefined,
  })
  return card
}

export const key = cardKey

/** AN10922's application and badge. */
export const PLAN: BadgePlan = {
  uid: '04782e21801d80',
  generation: 'EV2',
  randomUid: false,
  answers: 'honest',
  card: { settings: 0x09, family: 'aes', keys: [{ source: 'diversified', version: 1 }] },
  applications: [
    {
      aid: '3042f5',
      settings: 0x0b,
      family: 'aes',
      keys: [
        { source: 'random', version: 0 },
        { source: 'diversified', version: 1 },
      ],
      files: [{ number: 1, mode: 'full', read: 1, write: 0, readWrite: 0, change: 0, content: '899700000001' }],
    },
  ],
}

export function testKms(more: Partial<KmsOptions> = {}) {
  return createKms({
    clock: handClock(1_800_000_000_000),
    random: seeded(11),
    master: hex('00112233445566778899AABBCCDDEEFF'),
    system: Buffer.from('NXP Abu'),
    ...more,
  })
}

/** Status of an outcome: 0 when it is well. */
export async function status(outcome: Promise<Outcome<unknown>>): Promise<number | null> {
  const settled = await outcome
  return settled.ok ? 0 : settled.status
}

/** Value of an outcome that must be well. */
export async function value(outcome: Promise<Outcome<Buffer>>): Promise<Buffer> {
  const settled = await outcome
  if (!settled.ok) throw new Error(`${settled.because} ${settled.status?.toString(16)}`)
  return settled.value
}
