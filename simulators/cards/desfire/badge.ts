import { createHash } from 'node:crypto'
import { applyEdits, type Fault, type Json } from '#core/fault.ts'
import type { Kms } from '#simulators/kms/index.ts'
import { FREE, NEVER } from './access.ts'
import type { AnswerHabit } from './authentication.ts'
import { createDesfireCard, type DesfireCard } from './card.ts'
import { type AccessRights, type CardKey, cardKey, familyLength, type KeyFamily, newApplication } from './state.ts'

/**
 * Where the key of a badge comes from. `diversified`: from the KMS, for this badge. `neighbour`: from the KMS, for the badge with the
 * next number. `transport`: the zeros of the factory. `common`: one key for all badges. `random`: nobody else knows it.
 */
export type KeySource = 'diversified' | 'neighbour' | 'transport' | 'common' | 'random'

/** A right over a file: the number of a key, everybody, nobody. */
type Right = number | 'free' | 'never'

/** A badge as it is to be made; plain JSON, so that a fault bends it by path and a report prints it. */
export interface BadgePlan {
  /** Seven bytes in hexadecimal. */
  readonly uid: string
  readonly generation: 'EV1' | 'EV2' | 'EV3'
  readonly randomUid: boolean
  readonly answers: AnswerHabit
  readonly card: LevelPlan
  readonly applications: readonly ApplicationPlan[]
}

interface LevelPlan {
  /** Key settings: 15 leaves everything open (the factory's), 11 is what a personalised application has, 9 hides its contents too. */
  readonly settings: number
  readonly family: KeyFamily
  readonly keys: readonly { readonly source: KeySource; readonly version: number }[]
}

interface ApplicationPlan extends LevelPlan {
  /** Six digits in the order in which the identifier is diversified; on the air it goes last byte first. */
  readonly aid: string
  readonly files: readonly {
    readonly number: number
    readonly mode: 'plain' | 'mac' | 'full'
    readonly read: Right
    readonly write: Right
    readonly readWrite: Right
    readonly change: Right
    /** UTF-8; the file is that long. */
    readonly content: string
  }[]
}

/** What makes a badge beside its plan. */
export interface Maker {
  /** Holds the masters; a key of version `v` is wrapped for the badge under the master of that version. */
  readonly kms: Kms
  readonly random: (length: number) => Uint8Array
  /** Bent into the plan one after the other. Throws `FAULT_INERT` for one that would change nothing. */
  readonly faults?: readonly Fault[]
}

/**
 * A personalised badge as an establishment hands it out, or with the faults asked for.
 * @throws HarnessError `FAULT_INERT`; RangeError when the KMS refuses a key of the plan
 */
export function makeBadge(plan: BadgePlan, { kms, random, faults = [] }: Maker): DesfireCard {
  const bent = faults.reduce<Json>((document, fault) => applyEdits(document, fault, () => null).document, plan as unknown as Json)
  const { uid, generation, randomUid, answers, card: level, applications } = bent as unknown as BadgePlan
  const badge = Buffer.from(uid, 'hex')
  const card = createDesfireCard({ uid: badge, generation, random, habit: answers })
  const { chip } = card
  chip.randomUid = randomUid
  chip.picc.settings = level.settings
  chip.picc.family = level.family
  const key = (application: string, family: KeyFamily, { source, version }: { source: KeySource; version: number }) =>
    keyFrom(source, { kms, random, badge, application: Buffer.from(application, 'hex'), family, version })
  chip.picc.keys.splice(0, 1, ...level.keys.slice(0, 1).map((one) => key('000000', level.family, one)))
  for (const { aid, settings, family, keys, files } of applications) {
    const application = newApplication(chip, { aid: Number.parseInt(aid, 16), settings, family, keys: keys.length })
    application.keys.splice(0, keys.length, ...keys.map((one) => key(aid, family, one)))
    for (const { number, mode, content, ...rights } of files) {
      application.files.set(number, {
        kind: 'standard',
        mode,
        isoId: undefined,
        access: accessFrom(rights),
        data: Buffer.from(content),
        pending: undefined,
      })
    }
    chip.applications.set(application.aid, application)
  }
  return card
}

function accessFrom({ read, write, readWrite, change }: Record<keyof AccessRights, Right>): AccessRights {
  const number = (right: Right) => (right === 'free' ? FREE : right === 'never' ? NEVER : right)
  return { read: number(read), write: number(write), readWrite: number(readWrite), change: number(change) }
}

interface KeyOrder {
  readonly kms: Kms
  readonly random: (length: number) => Uint8Array
  readonly badge: Buffer
  readonly application: Buffer
  readonly family: KeyFamily
  readonly version: number
}

function keyFrom(source: KeySource, { kms, random, badge, application, family, version }: KeyOrder): CardKey {
  const length = familyLength(family)
  switch (source) {
    case 'transport':
      return cardKey(family, Buffer.alloc(length), version)
    case 'random':
      return cardKey(family, random(length), version)
    case 'common':
      return cardKey(family, createHash('sha256').update('hospicert common badge key').digest().subarray(0, length), version)
    default: {
      const holder = Buffer.from(badge)
      if (source === 'neighbour') holder[6] = ((holder[6] ?? 0) + 1) & 0xff
      const made = kms.wrapForPersonalisation({ badge: holder, application, version }, (bytes) => cardKey(family, bytes, version))
      if (!made.ok) throw new RangeError(`the KMS refuses version ${version}: ${made.refused}`)
      return made.value
    }
  }
}
