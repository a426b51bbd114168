/**
 * A card as a reader powers and talks to it. One object stands behind every front; it keeps its own state and knows nothing of who talks to
 * it. Any object of this shape will do: nothing is inherited, nothing registered.
 */
export interface Card {
  /** Answer to reset (ISO/IEC 7816-3 §8); of a contactless card, the one a PC/SC reader makes up ({@link contactlessAtr}). Empty: a mute card. */
  readonly atr: Uint8Array
  /** Power on, or a reset: what lives only while the card is powered (selection, verified codes, secure channel) is gone. */
  reset(): void
  /** The reader takes the power away, or the field is gone. */
  powerOff(): void
  /**
   * One command, its answer with the two status bytes (ISO/IEC 7816-4 §5). An empty answer is a card that said nothing; a malformed command
   * is answered by a status word.
   */
  transmit(command: Uint8Array): Promise<Uint8Array>
}

/** A card with an antenna (ISO/IEC 14443-4): its readers answer for its number, and a reader chip shows its ATS. */
export interface ContactlessCard extends Card {
  /** 4, 7 or 10 bytes, as they are at this activation: a random number changes with `reset()`. */
  readonly uid: Uint8Array
  /** Answer to select, from its length byte TL to the last historical byte (ISO/IEC 14443-4 §5.2). */
  readonly ats: Uint8Array
}

export function isContactless(card: Card): card is ContactlessCard {
  return 'uid' in card && card.uid instanceof Uint8Array && 'ats' in card && card.ats instanceof Uint8Array
}

/** A card that a reader could not use, or that is where it cannot be. */
export type CardTrouble = 'NO_CARD' | 'UNPOWERED' | 'REMOVED' | 'RESET' | 'NO_ANSWER' | 'CARD_THREW' | 'SLOT_TAKEN' | 'CARD_ELSEWHERE'

/** Why an exchange gave no answer, or a card could not be put in. Never holds bytes of the exchange: they may be a secret code. */
export class CardError extends Error {
  readonly code: CardTrouble

  constructor(code: CardTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CardError'
    this.code = code
  }
}
