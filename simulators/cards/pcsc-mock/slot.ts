import { type Card, CardError, isContactless } from './card.ts'
import { answerPseudoApdu } from './pseudo-apdu.ts'
import type { Recorder } from './record/recorder.ts'

/** How a slot is made. */
export interface SlotOptions {
  /** Reader name, written in every record. */
  readonly name: string
  readonly recorder?: Recorder | undefined
  /** True for a PC/SC reader: it answers class FF itself in front of a contactless card (PC/SC part 3 §3.2.2). Default: true. */
  readonly pseudoApdus?: boolean
}

/** Where each inserted card is: a card cannot be in two readers at once. */
const places = new WeakMap<Card, Slot>()

/**
 * The place in a reader that holds one card: power, one exchange at a time, a record of both. Every front has one, so that a card meets the
 * same order of things whoever talks to it, and so that what the fronts have in common is written once.
 */
export class Slot {
  readonly name: string
  #card: Card | null = null
  #powered = false
  #busy = false
  /** Changes with every insertion, removal and reset: what was meant for the card before does not reach the one after. */
  #turn = 0
  /** Who waits for the running exchange, in order. */
  #waiting: (() => void)[] = []
  #abort: ((error: CardError) => void) | null = null
  readonly #recorder: Recorder | undefined
  readonly #pseudoApdus: boolean

  constructor({ name, recorder, pseudoApdus = true }: SlotOptions) {
    this.name = name
    this.#recorder = recorder
    this.#pseudoApdus = pseudoApdus
  }

  get card(): Card | null {
    return this.#card
  }

  get powered(): boolean {
    return this.#powered
  }

  /** @throws CardError `SLOT_TAKEN` or `CARD_ELSEWHERE`. */
  insert(card: Card): void {
    if (this.#card) throw new CardError('SLOT_TAKEN', `Reader "${this.name}" already holds a card.`)
    const other = places.get(card)
    if (other) throw new CardError('CARD_ELSEWHERE', `The card is still in reader "${other.name}".`)
    places.set(card, this)
    this.#turn++
    this.#card = card
    this.#recorder?.event(this.name, 'insert', card.atr)
  }

  /** Takes the card out, in the middle of an exchange if there is one: the exchange fails with `REMOVED`. Nothing happens without a card. */
  remove(): void {
    const card = this.#card
    if (!card) return
    this.#card = null
    this.#turn++
    places.delete(card)
    this.#recorder?.event(this.name, 'remove')
    this.#abort?.(new CardError('REMOVED', 'The card was removed during the exchange.'))
    if (this.#powered) quietly(() => card.powerOff())
    this.#powered = false
  }

  /**
   * Powers the card, or resets it when it is powered, and gives its answer to reset: empty for a mute card.
   * @throws CardError `NO_CARD`.
   */
  powerOn(kind: 'power-on' | 'reset' = this.#powered ? 'reset' : 'power-on'): Uint8Array {
    const card = this.#card
    if (!card) throw new CardError('NO_CARD', `No card in reader "${this.name}".`)
    this.#turn++
    const answered = quietly(() => card.reset())
    this.#powered = answered && card.atr.length > 0
    this.#recorder?.event(this.name, kind, this.#powered ? card.atr : new Uint8Array())
    return this.#powered ? card.atr : new Uint8Array()
  }

  powerOff(): void {
    const card = this.#card
    if (!card || !this.#powered) return
    this.#powered = false
    quietly(() => card.powerOff())
    this.#recorder?.event(this.name, 'power-off')
  }

  /** Notes the two ends of a transaction, which the card itself does not see. */
  noteTransaction(kind: 'begin-transaction' | 'end-transaction'): void {
    this.#recorder?.event(this.name, kind)
  }

  /** Waits until no exchange runs. */
  async idle(): Promise<void> {
    while (this.#busy) await new Promise<void>((resolve) => void this.#waiting.push(resolve))
  }

  /**
   * One exchange; waits for the one that runs. Never hangs on a card that is pulled.
   * @throws CardError `NO_CARD`, `UNPOWERED`, `REMOVED`, `RESET` (while the command waited), `NO_ANSWER`, `CARD_THREW` (its error is the cause).
   */
  async exchange(command: Uint8Array): Promise<Uint8Array> {
    const turn = this.#turn
    const meant = this.#card
    while (this.#busy) await this.idle()
    const card = this.#card
    if (meant && card !== meant) throw new CardError('REMOVED', 'The card was removed while the command waited.')
    if (meant && turn !== this.#turn) throw new CardError('RESET', 'The card was reset while the command waited.')
    if (!card) throw new CardError('NO_CARD', `No card in reader "${this.name}".`)
    if (!this.#powered) throw new CardError('UNPOWERED', 'The card is without power.')
    const note = this.#recorder?.begin(this.name, command)
    this.#busy = true
    try {
      const own = this.#pseudoApdus && command[0] === 0xff && isContactless(card) ? answerPseudoApdu(card, command) : null
      const response = own ?? (await this.#orRemoved(card, command))
      // A native command of a contactless card is answered by one byte; a PC/SC reader hands out no answer without a status word.
      if (response.length < (this.#pseudoApdus ? 2 : 1)) throw new CardError('NO_ANSWER', 'The card did not answer.')
      note?.answered(response)
      return response
    } catch (error) {
      const told = error instanceof CardError ? error : new CardError('CARD_THREW', 'The card failed on this command.', error)
      note?.failed(told.code)
      throw told
    } finally {
      this.#busy = false
      this.#abort = null
      for (const wake of this.#waiting.splice(0)) wake()
    }
  }

  #orRemoved(card: Card, command: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#abort = reject
      card.transmit(command).then(resolve, reject)
    })
  }
}

/** A virtual card that throws where it has nothing to say is a broken card, not a broken reader. False when it threw. */
function quietly(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
