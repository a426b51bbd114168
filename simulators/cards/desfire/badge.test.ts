import { describe, expect, it } from 'vitest'
import { handClock } from '#core/clock.ts'
import type { Fault } from '#core/fault.ts'
import { createKms, type Kms } from '#simulators/kms/index.ts'
import { hex, PLAN, seeded, testKms, zeros } from './bench-tools.test-data.ts'
import { type BadgePlan, desfire, makeBadge } from './index.ts'
import { createTerminal, kmsKey, localKey, type Neglect } from './terminal/index.ts'

const AID = 0x3042f5
const application = hex('3042f5')

/** What a sign-in at a terminal comes to: the content of the badge's file, or why not. */
async function signIn(
  plan: BadgePlan,
  kms: Kms,
  faults: readonly Fault[] = [],
  neglects: readonly Neglect[] = [],
  random = seeded(21),
): Promise<string> {
  const card = makeBadge(plan, { kms, random, faults })
  const terminal = createTerminal({ transmit: card.transmit, neglects })
  const selected = await terminal.selectApplication(AID)
  if (!selected.ok) return `refused ${selected.status?.toString(16)}`
  const proved = await terminal.authenticate('ev2-first', 1, kmsKey(kms, { badge: hex(plan.uid), application }))
  if (!proved.ok) return `${proved.because} ${proved.status?.toString(16)}`
  const read = await terminal.readData({ file: 1, mode: 'full' }, 12)
  return read.ok ? read.value.toString() : `${read.because} ${read.status?.toString(16)}`
}

const OTHER: BadgePlan = { ...PLAN, uid: '04782e21801d81' }

describe('a badge of the establishment', () => {
  it('signs in with the key that AN10922 derives for it', async () => {
    const kms = testKms()
    expect(await signIn(PLAN, kms)).toBe('899700000001')
    const card = makeBadge(PLAN, { kms, random: seeded(1) })
    expect(card.chip.applications.get(AID)?.keys[1]?.bytes).toEqual(hex('A8DD63A3B89D54B37CA802473FDA9175'))
  })

  it('has keys of its own', async () => {
    const kms = testKms()
    const keys = [PLAN, OTHER].map((plan) => makeBadge(plan, { kms, random: seeded(1) }).chip)
    expect(keys[0]?.applications.get(AID)?.keys[1]?.bytes).not.toEqual(keys[1]?.applications.get(AID)?.keys[1]?.bytes)
    expect(keys[0]?.picc.keys[0]?.bytes).not.toEqual(keys[1]?.picc.keys[0]?.bytes)
  })
})

describe('faults', () => {
  it.each(
    (
      [
        [desfire.wrongRndA(), 'card-unproved 0'],
        [desfire.clonedUidEmpty(), 'refused a0'],
        [desfire.clonedUidWithoutKey(), 'card-unproved 0'],
        [desfire.foreignKey(), 'refused ae'],
        [desfire.neighbourKey(), 'refused ae'],
        [desfire.commonKey(), 'refused ae'],
        [desfire.transportKey(), 'refused ae'],
        // The rest is not for this exchange to find out.
        [desfire.openSettings(), '899700000001'],
        [desfire.openCardSettings(), '899700000001'],
        [desfire.readableFree(), '899700000001'],
        [desfire.randomUid(), '899700000001'],
        [desfire.transportCardKey(), '899700000001'],
      ] satisfies readonly (readonly [Fault, string])[]
    ).map(([one, expected]) => ({ id: one.id, one, expected })),
  )('$id', async ({ one: fault, expected }) => {
    expect(await signIn(PLAN, testKms(), [fault])).toBe(expected)
    expect(JSON.parse(JSON.stringify(fault))).toEqual(fault)
    expect(fault.title).toMatch(/^[A-ZÉL].+[^.]$/)
  })

  it('catch a terminal that does not look at RndA', async () => {
    expect(await signIn(PLAN, testKms(), [desfire.wrongRndA()], ['rnda'])).toBe('899700000001')
    expect(await signIn(PLAN, testKms(), [desfire.clonedUidWithoutKey()], ['rnda'])).toBe('answer-forged 0')
  })

  it('are found on the card', async () => {
    const made = (...faults: Fault[]) => makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults }).chip
    expect(made(desfire.openSettings()).applications.get(AID)?.settings).toBe(0x0f)
    expect(made(desfire.readableFree()).applications.get(AID)?.files.get(1)?.access.read).toBe(14)
    expect(made(desfire.plainFile()).applications.get(AID)?.files.get(1)?.mode).toBe('plain')
    expect(made(desfire.transportKey()).applications.get(AID)?.keys[1]?.bytes).toEqual(zeros(16))
    expect(made(desfire.transportCardKey()).picc.keys[0]).toMatchObject({ family: 'des', bytes: zeros(16) })
    expect(made(desfire.openCardSettings()).picc.settings).toBe(0x0f)
    const common = [PLAN, OTHER].map((plan) => makeBadge(plan, { kms: testKms(), random: seeded(1), faults: [desfire.commonKey()] }).chip)
    expect(common[0]?.applications.get(AID)?.keys[1]?.bytes).toEqual(common[1]?.applications.get(AID)?.keys[1]?.bytes)
  })

  it('are never inert', () => {
    expect(() => makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults: [desfire.fixedUid()] })).toThrow(/desfire.fixed-uid/)
    expect(() => makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults: [desfire.foreignKey(4)] })).toThrow(/desfire.foreign-key/)
    const random = { ...PLAN, randomUid: true }
    expect(makeBadge(random, { kms: testKms(), random: seeded(1), faults: [desfire.fixedUid()] }).uid).toHaveLength(7)
  })

  it('a chip without the key is believed by who looks at no proof at all', async () => {
    const plan = structuredClone(PLAN) as unknown as { applications: { files: { mode: string }[] }[] }
    const file = plan.applications[0]?.files[0]
    if (file) file.mode = 'mac'
    const card = makeBadge(plan as unknown as BadgePlan, { kms: testKms(), random: seeded(1), faults: [desfire.clonedUidWithoutKey()] })
    const terminal = createTerminal({ transmit: card.transmit, neglects: ['rnda', 'answer-integrity'] })
    await terminal.selectApplication(AID)
    await terminal.authenticate('ev2-first', 1, kmsKey(testKms(), { badge: hex(PLAN.uid), application }))
    expect(await terminal.readData({ file: 1, mode: 'mac' }, 12)).toEqual({ ok: true, value: Buffer.from('899700000001') })
  })

  it('a file that is read free gives its content to everybody', async () => {
    const card = makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults: [desfire.readableFree()] })
    const terminal = createTerminal({ transmit: card.transmit })
    await terminal.selectApplication(AID)
    expect(await terminal.readData({ file: 1, mode: 'plain' }, 12)).toEqual({ ok: true, value: Buffer.from('899700000001') })
  })
})

describe('KMS', () => {
  const name = { badge: hex(PLAN.uid), application }

  it('rotates: both versions serve, then the old one is refused', async () => {
    const kms = testKms()
    const old = makeBadge(PLAN, { kms, random: seeded(1) })
    expect(kms.rotate()).toBe(2)
    const plan = structuredClone(PLAN) as { applications: { keys: { version: number }[] }[] } & BadgePlan
    const one = plan.applications[0]?.keys[1]
    if (one) one.version = 2
    const renewed = makeBadge(plan, { kms, random: seeded(1) })
    const proves = async (card: typeof old, version?: number) => {
      const terminal = createTerminal({ transmit: card.transmit })
      await terminal.selectApplication(AID)
      const told = await terminal.command(0x64, { header: Uint8Array.of(1) })
      const used = version ?? (told.ok ? told.value[0] : undefined)
      const outcome = await terminal.authenticate('ev2-first', 1, kmsKey(kms, { ...name, ...(used === undefined ? {} : { version: used }) }))
      return outcome.ok ? 'proved' : outcome.because
    }
    expect(await proves(old)).toBe('proved')
    expect(await proves(renewed)).toBe('proved')
    expect(await proves(old, 2)).toBe('refused')
    kms.retire(1)
    expect(await proves(old)).toBe('key-unavailable')
    expect(await proves(renewed)).toBe('proved')
    expect(makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults: [] }).chip.picc.keys[0]?.version).toBe(1)
    expect(() => makeBadge(PLAN, { kms, random: seeded(1) })).toThrow(/version-retired/)
    expect(() => makeBadge(PLAN, { kms: testKms(), random: seeded(1), faults: [desfire.oldKeyVersion(3)] })).toThrow(/version-unknown/)
  })

  it('writes every call down, in order, and never a key', async () => {
    const clock = handClock(1000)
    const kms = testKms({ clock })
    await signIn(PLAN, kms)
    clock.advance(5)
    kms.rotate()
    kms.authenticate({ ...name, version: 9 }, 'aes', zeros(16))
    kms.authenticate(name, 'aes', zeros(15))
    kms.retire(1)
    const log = kms.log()
    expect(log.map(({ number, operation, outcome, version }) => [number, operation, outcome, version])).toEqual([
      [1, 'wrap-for-personalisation', 'done', 1],
      [2, 'wrap-for-personalisation', 'done', 1],
      [3, 'authenticate', 'done', 1],
      [4, 'rotate', 'done', 2],
      [5, 'authenticate', 'version-unknown', 9],
      [6, 'authenticate', 'input-malformed', 2],
      [7, 'retire', 'done', 1],
    ])
    expect(log[2]).toEqual({ number: 3, at: 1000, operation: 'authenticate', badge: PLAN.uid, application: '3042f5', version: 1, outcome: 'done' })
    const text = JSON.stringify([log, kms]).toLowerCase()
    for (const secret of ['00112233445566778899aabbccddeeff', 'a8dd63a3b89d54b37ca802473fda9175']) expect(text).not.toContain(secret)
    ;(log as unknown[]).length = 0
    expect(kms.log()).toHaveLength(7)
    expect(Object.isFrozen(kms.log()[0])).toBe(true)
  })

  it('gives nothing but a token and the keys of one session', () => {
    const kms = testKms()
    const answer = kms.authenticate(name, 'ev2-first', zeros(16))
    expect(answer.ok && Object.keys(answer.value).sort()).toEqual(['conclude', 'token'])
    expect(kms.wrapForPersonalisation(name, (bytes, version) => `${bytes.length} ${version}`)).toEqual({ ok: true, version: 1, value: '16 1' })
    expect(kms.authenticate({ badge: zeros(3), application }, 'aes', zeros(16))).toEqual({ ok: false, refused: 'input-malformed' })
    expect(kms.authenticate({ badge: zeros(7), application: zeros(2) }, 'aes', zeros(16))).toEqual({ ok: false, refused: 'input-malformed' })
    expect(testKms({ system: Buffer.alloc(22) }).authenticate(name, 'aes', zeros(16))).toEqual({ ok: false, refused: 'input-malformed' })
  })

  it.each([
    ['common-key', null],
    ['zero-key', '00000000000000000000000000000000'],
    ['default-key', '00112233445566778899aabbccddeeff'],
    ['neighbour-key', null],
    ['master-in-badge', '00112233445566778899aabbccddeeff'],
  ] as const)('misconfigured: %s', (misconfigured, expected) => {
    const kms = testKms({ misconfigured })
    const keyOf = (from: Kms, badge: string) => {
      const made = from.wrapForPersonalisation({ badge: hex(badge), application }, (bytes) => Buffer.from(bytes).toString('hex'))
      return made.ok ? made.value : made.refused
    }
    const [mine, theirs] = [keyOf(kms, PLAN.uid), keyOf(kms, OTHER.uid)]
    expect(mine).not.toBe('a8dd63a3b89d54b37ca802473fda9175')
    if (expected) expect(mine).toBe(expected)
    if (misconfigured === 'neighbour-key') expect(mine).toBe(keyOf(testKms(), OTHER.uid))
    else expect(mine).toBe(theirs)
  })

  it('draws a master of its own, for TDEA badges too', async () => {
    const kms = createKms({ clock: handClock(0), random: seeded(8), type: '2tdea', system: Buffer.from('hosp') })
    const plan = structuredClone(PLAN) as unknown as { applications: { family: string }[]; card: { family: string } }
    if (plan.applications[0]) plan.applications[0].family = 'des'
    plan.card.family = 'des'
    const card = makeBadge(plan as unknown as BadgePlan, { kms, random: seeded(2) })
    const terminal = createTerminal({ transmit: card.transmit })
    await terminal.selectApplication(AID)
    expect(await terminal.authenticate('iso', 1, kmsKey(kms, { badge: hex(PLAN.uid), application }))).toMatchObject({ ok: true })
  })

  it('personalises a new card through a session, and the badge then signs in', async () => {
    const kms = testKms()
    const random = seeded(31)
    const { createDesfireCard } = await import('./index.ts')
    const card = createDesfireCard({ uid: hex(PLAN.uid), generation: 'EV2', random })
    const terminal = createTerminal({ transmit: card.transmit })
    await terminal.selectApplication(0)
    await terminal.command(0xca, { data: hex('F54230 0B 82') })
    await terminal.selectApplication(AID)
    await terminal.authenticate('ev2-first', 0, localKey('aes', zeros(16), random))
    const changed = kms.wrapForPersonalisation(name, (bytes, version) => terminal.changeKey(1, { family: 'aes', bytes, version, old: zeros(16) }))
    expect(changed.ok && (await changed.value)).toMatchObject({ ok: true })
    expect(await terminal.authenticate('ev2-first', 1, kmsKey(kms, name))).toMatchObject({ ok: true })
  })
})
