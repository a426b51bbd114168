/**
 * A card as a reader powers and talks to it. One object stands behind every front (in-process API, virtual reader of a system, contactless
 * reader chip); it keeps its own state, and knows nothing of who talks to it.
 */
export interface Card {
  /** Answer to reset; for a contactless card, the one that a PC/SC reader makes up from its history bytes (PC/SC part 3 §3.1.3.2.3). */
  readonly atr: Uint8Array
  /** Power on, or a reset: what lives only while the card is powered (selection, verified codes, secure channel) is gone. */
  reset(): void
  /** The reader takes the power away, or the field is gone. */
  powerOff(): void
  /**
   * One command, its answer with the two status bytes (ISO/IEC 7816-4). An empty answer is a card that said nothing; a malformed
   * command is answered by a status word and never throws.
   */
  transmit(command: Uint8Array): Promise<Uint8Array>
}
