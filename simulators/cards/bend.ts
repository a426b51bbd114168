import type { Card } from '#core/device.ts'
import { HarnessError } from '#core/errors.ts'
import { applyEdits, type CardExchange, type CardFault, type Change, type Json, type Resolve } from '#core/fault.ts'
import { bendAnswer, describeAnswer, isAnnouncement } from './bend-answer.ts'
import { equal, hex, toHex } from './os/bytes.ts'

/** A card that may have an antenna: then a reader knows it by its identifier, which may be drawn anew at each activation, and its answer to select. */
export interface IdentifiedCard extends Card {
  readonly uid?: Uint8Array
  readonly ats?: Uint8Array
}

/** What bending needs of the bench around the card. */
export interface Bending {
  /** A deviation took effect; honest and faulty value beside each other. */
  onApplied(fault: CardFault, changes: readonly Change[]): void
  /** Waits so many milliseconds, as the bench's clock has it. */
  readonly delay?: (milliseconds: number) => Promise<void>
  /** The card is out of the reader: the front tells its reader. */
  readonly onRemoved?: () => void
  /** What symbolic values stand for. */
  readonly resolve?: Resolve
}

/** A card that misbehaves as told. */
export interface BentCard extends IdentifiedCard {
  readonly present: () => boolean
  /** Faults of this card that never took effect: a verdict must not rest on them. */
  readonly unapplied: () => readonly CardFault[]
}

interface Watch {
  readonly fault: CardFault
  readonly edit: CardExchange
  seen: number
}

/** An instruction and the answers that it and the GET RESPONSE behind it got. */
interface Conversation {
  readonly ins: number
  readonly answers: Uint8Array[]
}

const GET_RESPONSE = 0xc0
const STATIC = { 'card.atr': 'atr', 'card.uid': 'uid' } as const

/**
 * Bends a card, of whatever kind, by the faults of sites `card.presence`, `card.atr`, `card.uid`, `card.command` and `card.response`; those that
 * are made with the card (key, certificate, code, serial number) are for who issues it. What a fault would not change is not applied.
 * Throws `FAULT_INERT` for an identifier that the card has not.
 * @example bend(cps.contact, [response.replayed()], { onApplied: (fault, changes) => … })
 */
export function bend(card: IdentifiedCard, faults: readonly CardFault[], bending: Bending): BentCard {
  const { onApplied, delay = (milliseconds) => new Promise((done) => void setTimeout(done, milliseconds)), onRemoved, resolve = unresolved } = bending
  const applied = new Set<CardFault>()
  const apply = (fault: CardFault, changes: readonly Change[]) => {
    applied.add(fault)
    onApplied(fault, changes)
  }
  let identity: Json = { atr: toHex(card.atr), ...(card.uid && { uid: toHex(card.uid) }) }
  for (const fault of faults.filter(isStatic)) {
    const bent = applyEdits(identity, fault, resolve)
    identity = bent.document
    apply(fault, bent.changes)
  }
  const { atr, uid } = identity as { readonly atr: string; readonly uid?: string }
  const watches = faults.flatMap((fault) => fault.edits.filter((edit) => edit.op === 'exchange').map((edit): Watch => ({ fault, edit, seen: 0 })))
  const past: Conversation[] = []
  let current: Conversation | undefined
  /** What waits for the GET RESPONSE that fetches the data. */
  let deferred: Watch[] = []
  /** Answers of an earlier conversation that still have to go out. */
  let replay: Uint8Array[] = []
  let present = true

  function remove(watch: Watch): Uint8Array {
    present = false
    card.powerOff()
    apply(watch.fault, [{ path: 'présence', before: 'dans le lecteur', after: 'retirée' }])
    onRemoved?.()
    return new Uint8Array()
  }

  /** The watches whose turn this command is. */
  function due(ins: number): readonly Watch[] {
    return watches.filter((watch) => {
      const { nth = 1, times = Number.POSITIVE_INFINITY } = watch.edit
      if (!bears(watch.edit, ins)) return false
      watch.seen++
      return watch.seen >= nth && watch.seen < nth + times
    })
  }

  function bendBy(watch: Watch, honest: Uint8Array, answer: Uint8Array, ins: number): Uint8Array {
    const bent = watch.edit.replay ? replayed(ins, answer) : bendAnswer(watch.edit, answer)
    if (!equal(bent, answer))
      apply(watch.fault, [{ path: `réponse à ${toHex(Uint8Array.of(ins))}`, before: describeAnswer(honest), after: describeAnswer(bent) }])
    return bent
  }

  function replayed(ins: number, answer: Uint8Array): Uint8Array {
    const earlier = past.find((one) => one.ins === ins && one !== current)
    const [first, ...rest] = earlier?.answers ?? []
    if (!first) return answer
    replay = rest
    // With T=0 both begin with the same announcement: the change shows in what GET RESPONSE fetches.
    return first
  }

  async function transmit(command: Uint8Array): Promise<Uint8Array> {
    if (!present) return new Uint8Array()
    const ins = command[1] ?? -1
    const now = due(ins)
    const before = now.find(({ fault, edit }) => edit.removed && fault.site !== 'card.response')
    if (before) return remove(before)
    const refusal = now.find(({ fault }) => fault.site === 'card.command')
    if (refusal) {
      const answer = bendAnswer(refusal.edit, new Uint8Array(2))
      apply(refusal.fault, [{ path: `commande ${toHex(Uint8Array.of(ins & 0xff))}`, before: 'exécutée', after: describeAnswer(answer) }])
      return answer
    }
    const honest = await card.transmit(command)
    if (ins === GET_RESPONSE && current) current.answers.push(honest)
    else {
      current = { ins, answers: [honest] }
      if (isPromising(honest) && watches.some(({ edit }) => edit.replay && bears(edit, ins))) past.push(current)
      deferred = []
      replay = []
    }
    const mine = now.filter(({ fault }) => fault.site === 'card.response')
    const torn = mine.find(({ edit }) => edit.removed)
    if (torn) return remove(torn)
    for (const { fault, edit } of mine) {
      if (!edit.delay) continue
      apply(fault, [{ path: 'attente', before: 'aucune', after: `${edit.delay / 1000} s` }])
      await delay(edit.delay)
    }
    return answered(honest, ins, [...mine.filter(({ edit }) => !edit.delay), ...deferred])
  }

  function answered(honest: Uint8Array, ins: number, bending: readonly Watch[]): Uint8Array {
    if (ins === GET_RESPONSE && replay.length > 0) {
      const earlier = replay.shift() ?? honest
      const watch = deferred.find(({ edit }) => edit.replay)
      if (watch && !equal(earlier, honest))
        apply(watch.fault, [{ path: 'réponse à C0', before: describeAnswer(honest), after: describeAnswer(earlier) }])
      return earlier
    }
    if (isAnnouncement(honest)) {
      deferred = bending.filter(({ edit }) => edit.flip !== undefined || (edit.length ?? 0) > 0 || edit.replay)
      const direct = bending.filter((watch) => !deferred.includes(watch) || watch.edit.replay)
      return direct.reduce((answer, watch) => bendBy(watch, honest, answer, ins), honest)
    }
    deferred = []
    return bending.reduce((answer, watch) => bendBy(watch, honest, answer, ins), honest)
  }

  const cloned = faults.some((fault) => fault.site === 'card.uid' && isStatic(fault)) && uid !== undefined ? hex(uid) : undefined
  const bentCard: BentCard = {
    atr: hex(atr),
    reset() {
      if (!present) return
      current = undefined
      card.reset()
    },
    powerOff: () => card.powerOff(),
    transmit,
    present: () => present,
    unapplied: () => [...new Set([...faults.filter(isStatic), ...watches.map(({ fault }) => fault)])].filter((fault) => !applied.has(fault)),
  }
  // A card without an antenna has not even the names; an identifier that is drawn anew is read anew.
  if (card.uid) Object.defineProperty(bentCard, 'uid', { get: () => cloned ?? card.uid, enumerable: true })
  return card.ats ? Object.assign(bentCard, { ats: card.ats }) : bentCard
}

/** True when the edit is about this instruction. */
function bears({ on }: CardExchange, ins: number): boolean {
  return on === undefined || Number.parseInt(on, 16) === ins
}

/** An answer worth replaying: it has data, or says that there is some. */
function isPromising(answer: Uint8Array): boolean {
  return answer.length > 2 || isAnnouncement(answer)
}

/** Bends what the card says of itself; a serial number stands in its files and is bent when it is issued. */
function isStatic(fault: CardFault): boolean {
  return fault.edits.some((edit) => edit.path === STATIC[fault.site as keyof typeof STATIC])
}

const unresolved: Resolve = (symbol) => {
  throw new HarnessError('FAULT_UNRESOLVED', `La carte ne connaît pas la valeur symbolique ${JSON.stringify(symbol)}.`, {
    fix: 'Donnez à « bend » la fonction « resolve » qui la connaît, ou utilisez une valeur littérale.',
  })
}
