import { describe, expect, it } from 'vitest'
import type { AuthenticationMode } from '#simulators/kms/three-pass.ts'
import { cardWith, hex, key, seeded, value, withFile, zeros } from './bench-tools.test-data.ts'
import { behindReader, createDesfireCard, type DesfireCard, type DesfireOptions } from './index.ts'
import type { KeyFamily } from './state.ts'
import { createTerminal, localKey, type Terminal } from './terminal/index.ts'

const AID = 0xf50000
const random = seeded(3)

const SESSIONS: readonly { readonly mode: AuthenticationMode; readonly family: KeyFamily; readonly bytes: string }[] = [
  { mode: 'legacy', family: 'des', bytes: '0123456789abcdef0123456789abcdef' },
  { mode: 'legacy', family: 'des', bytes: '00112233445566778899aabbccddeeff' },
  { mode: 'iso', family: 'des', bytes: '0123456789abcdef0123456789abcdef' },
  { mode: 'iso', family: 'des', bytes: '00112233445566778899aabbccddeeff' },
  { mode: 'iso', family: '3tdea', bytes: '00112233445566778899aabbccddeeff0123456789abcdef' },
  { mode: 'aes', family: 'aes', bytes: '00112233445566778899aabbccddeeff' },
  { mode: 'ev2-first', family: 'aes', bytes: '00112233445566778899aabbccddeeff' },
]

/** A terminal in a session with key 0 of the application. */
async function opened(
  card: DesfireCard,
  mode: AuthenticationMode,
  family: KeyFamily,
  bytes: Uint8Array,
  number = 0,
  framing: 'native' | 'wrapped' = 'wrapped',
) {
  const terminal = createTerminal({ transmit: card.transmit, framing })
  expect(await terminal.selectApplication(AID)).toMatchObject({ ok: true })
  expect(await terminal.authenticate(mode, number, localKey(family, bytes, random))).toMatchObject({ ok: true })
  return terminal
}

function keyed(family: KeyFamily, bytes: string, generation: 'EV1' | 'EV2' | 'EV3' = 'EV3'): DesfireCard {
  const card = cardWith({ family, aid: AID, generation })
  const application = card.chip.applications.get(AID)
  application?.keys.splice(0, 1, key(family, hex(bytes)))
  return card
}

describe.each(SESSIONS)('$mode with $family $bytes', ({ mode, family, bytes }) => {
  it.each(['plain', 'mac', 'full'] as const)('reads and writes %s, in one frame and in many, in both framings', async (how) => {
    for (const framing of ['native', 'wrapped'] as const) {
      const card = withFile(keyed(family, bytes), 1, how, 0x0000, 500)
      const terminal = await opened(card, mode, family, hex(bytes), 0, framing)
      for (const length of [1, 7, 8, 15, 16, 17, 47, 48, 52, 53, 59, 60, 64, 128, 500]) {
        const text = random(length)
        await value(terminal.writeData({ file: 1, mode: how, offset: 0 }, text))
        expect(await value(terminal.readData({ file: 1, mode: how }, length))).toEqual(text)
      }
      expect(await value(terminal.readData({ file: 1, mode: how }))).toHaveLength(500)
    }
  })

  it('tells its UID under the session only', async () => {
    const card = keyed(family, bytes)
    const terminal = createTerminal({ transmit: card.transmit })
    expect(await terminal.getCardUid()).toEqual({ ok: false, because: 'refused', status: 0xae })
    expect(await value((await opened(card, mode, family, hex(bytes))).getCardUid())).toEqual(hex('04958CAA5C5E80'))
  })

  it('changes another key, the own key and the settings, and lists files', async () => {
    const card = withFile(keyed(family, bytes), 9, 'plain', 0x0000, 4)
    const terminal = await opened(card, mode, family, hex(bytes))
    const [next, own] = [random(family === '3tdea' ? 24 : 16), random(family === '3tdea' ? 24 : 16)]
    await value(terminal.changeKey(2, { family, bytes: next, version: 0x42, old: zeros(next.length) }))
    expect(card.chip.selected.keys[2]?.bytes).toEqual(next)
    await value(terminal.command(0x54, { data: Uint8Array.of(0x2b), mode: 'full' }))
    expect(await value(terminal.command(0x45))).toEqual(Buffer.of(0x2b, 5 | { des: 0, '3tdea': 0x40, aes: 0x80 }[family]))
    expect(await value(terminal.command(0x6f))).toEqual(Buffer.of(9))
    expect(await value(terminal.command(0x64, { header: Uint8Array.of(2) }))).toEqual(Buffer.of(card.chip.selected.keys[2]?.version ?? 0))
    await opened(card, mode, family, next, 2)
    const again = await opened(card, mode, family, hex(bytes))
    // Bits 4 to 7 of the settings now say that key 2 changes keys; the master only changes itself.
    expect(await again.changeKey(3, { family, bytes: next, old: zeros(next.length) })).toMatchObject({ ok: false, status: 0xae })
    const last = await opened(card, mode, family, hex(bytes))
    await value(last.changeKey(0, { family, bytes: own }))
    expect(last.session).toBeUndefined()
    await opened(card, mode, family, own)
  })

  it('refuses a wrong key, and a message that was bent on the way', async () => {
    const card = withFile(keyed(family, bytes), 1, 'full', 0x0000, 32)
    const other = createTerminal({ transmit: card.transmit })
    await other.selectApplication(AID)
    const wrong = hex(bytes).fill(0x5a, 0, 4)
    expect(await other.authenticate(mode, 0, localKey(family, wrong, random))).toEqual({ ok: false, because: 'refused', status: 0xae })
    const bent = createTerminal({ transmit: (command) => card.transmit(command[1] === 0x3d ? command.with(-3, (command.at(-3) ?? 0) ^ 1) : command) })
    await bent.selectApplication(AID)
    await bent.authenticate(mode, 0, localKey(family, hex(bytes), random))
    expect(await bent.writeData({ file: 1, mode: 'full' }, random(20))).toMatchObject({ ok: false, status: 0x1e })
    expect(card.chip.session).toBeUndefined()
  })

  it('the terminal refuses an answer that was bent on the way, unless it is careless', async () => {
    const card = withFile(keyed(family, bytes), 1, 'full', 0x0000, 32)
    const transmit = async (command: Uint8Array) => {
      const answer = await card.transmit(command)
      return command[1] === 0xbd ? answer.with(0, (answer[0] ?? 0) ^ 1) : answer
    }
    const read = async (terminal: Terminal) => {
      await terminal.selectApplication(AID)
      await terminal.authenticate(mode, 0, localKey(family, hex(bytes), random))
      return terminal.readData({ file: 1, mode: 'full' }, 32)
    }
    expect(await read(createTerminal({ transmit }))).toMatchObject({ ok: false, because: 'answer-forged' })
    expect(await read(createTerminal({ transmit, neglects: ['answer-integrity'] }))).toMatchObject({ ok: true })
  })
})

describe('EV2', () => {
  const bytes = '00112233445566778899aabbccddeeff'

  it('goes on with counter and transaction after a non-first authentication', async () => {
    const card = withFile(keyed('aes', bytes), 1, 'full', 0x1111, 32)
    const terminal = await opened(card, 'ev2-first', 'aes', hex(bytes))
    expect(await value(terminal.command(0x6f))).toEqual(Buffer.of(1))
    const before = card.chip.session
    expect(await terminal.authenticate('ev2-non-first', 1, localKey('aes', zeros(16), random))).toMatchObject({ ok: true })
    expect(card.chip.session?.transaction).toEqual(before?.transaction)
    expect(card.chip.session?.channel.counter).toBe(1)
    await value(terminal.writeData({ file: 1, mode: 'full' }, Buffer.from('identité')))
    expect((await value(terminal.readData({ file: 1, mode: 'full', long: true }, 9))).toString()).toBe('identité')
  })

  it('needs a first authentication before a non-first one, AES, and a card of the second generation', async () => {
    const status = async (card: DesfireCard, mode: AuthenticationMode) => {
      const terminal = createTerminal({ transmit: card.transmit })
      await terminal.selectApplication(AID)
      const outcome = await terminal.authenticate(mode, 0, localKey('aes', zeros(16), random))
      return outcome.ok ? 0 : outcome.status
    }
    expect(await status(cardWith({ aid: AID }), 'ev2-non-first')).toBe(0x9d)
    expect(await status(cardWith({ aid: AID, family: 'des' }), 'ev2-first')).toBe(0xae)
    expect(await status(cardWith({ aid: AID, generation: 'EV1' }), 'ev2-first')).toBe(0x1c)
    expect(await status(cardWith({ aid: AID }), 'legacy')).toBe(0xae)
    expect(await status(cardWith({ aid: AID, family: '3tdea' }), 'legacy')).toBe(0xae)
    expect(await status(cardWith({ aid: AID, keys: 0 }), 'aes')).toBe(0x40)
  })

  it('does not take a command twice', async () => {
    const card = withFile(keyed('aes', bytes), 1, 'mac', 0x0000, 32)
    const sent: Uint8Array[] = []
    const transmit = (command: Uint8Array) => {
      sent.push(command)
      return card.transmit(command)
    }
    const terminal = createTerminal({ transmit })
    await terminal.selectApplication(AID)
    await terminal.authenticate('ev2-first', 0, localKey('aes', hex(bytes), random))
    await value(terminal.readData({ file: 1, mode: 'mac' }, 8))
    expect(await card.transmit(sent.at(-1) ?? zeros(0))).toEqual(hex('911E'))
  })

  it('costs the card four calls of the cipher a handshake', async () => {
    const card = keyed('aes', bytes)
    const application = card.chip.applications.get(AID)
    const own = key('aes', hex(bytes))
    let calls = 0
    const counted = (work: (blocks: Uint8Array) => Buffer) => (blocks: Uint8Array) => {
      calls++
      return work(blocks)
    }
    const cipher = { ...own.cipher, encrypt: counted(own.cipher.encrypt), decrypt: counted(own.cipher.decrypt) }
    application?.keys.splice(0, 1, { ...own, cipher })
    await opened(card, 'ev2-first', 'aes', hex(bytes))
    expect(calls).toBe(4)
  })

  it('writes in one long frame', async () => {
    const card = withFile(keyed('aes', bytes), 1, 'full', 0x0000, 512)
    const terminal = await opened(card, 'ev2-first', 'aes', hex(bytes))
    const text = random(500)
    await value(terminal.writeData({ file: 1, mode: 'full', long: true }, text))
    expect(await value(terminal.readData({ file: 1, mode: 'full', long: true }, 500))).toEqual(text)
  })
})

describe('behind a reader', () => {
  it('is new from the factory: open, with a DES master key of zeros; a UID has seven bytes', async () => {
    const options: DesfireOptions = { uid: hex('04112233445566'), generation: 'EV3', random }
    const card = createDesfireCard(options)
    expect(card.chip.picc).toMatchObject({ settings: 0x0f, family: 'des' })
    expect(card.execute(hex('6F'))).toEqual(hex('9D'))
    expect(() => createDesfireCard({ ...options, uid: zeros(4) })).toThrow(RangeError)
  })

  it('has the answer to reset of every DESFire, and gives UID and historical bytes', async () => {
    const front = behindReader(cardWith({}))
    expect(front.atr).toEqual(hex('3B81800180 80'))
    expect(await front.transmit(hex('FFCA000000'))).toEqual(hex('04958CAA5C5E809000'))
    expect(await front.transmit(hex('FFCA010000'))).toEqual(hex('809000'))
    expect(await front.transmit(hex('FFCA000004'))).toEqual(hex('6C07'))
    expect(await front.transmit(hex('FFCA020000'))).toEqual(hex('6A81'))
    expect(await front.transmit(hex('00A4040007D276000085010000'))).toEqual(hex('9000'))
  })

  it('draws another UID each time it is powered when the UID is random, and hides its own', async () => {
    const card = cardWith({})
    const terminal = createTerminal({ transmit: card.transmit })
    await terminal.selectApplication(0)
    await terminal.authenticate('iso', 0, localKey('des', zeros(16), random))
    await value(terminal.command(0x5c, { header: Uint8Array.of(0), data: Uint8Array.of(2), mode: 'full' }))
    const seen = new Set<string>()
    for (let i = 0; i < 5; i++) {
      card.reset()
      const uid = Buffer.from(card.uid)
      expect(uid).toHaveLength(4)
      expect(uid[0]).toBe(0x08)
      expect(Buffer.from(card.uid)).toEqual(uid)
      seen.add(uid.toString('hex'))
    }
    expect(seen.size).toBe(5)
    await terminal.selectApplication(0)
    expect((await value(terminal.command(0x60))).subarray(14, 21)).toEqual(zeros(7))
  })
})
