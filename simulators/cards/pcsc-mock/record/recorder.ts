import type { CardTrouble } from '../card.ts'
import { hex } from '../hex.ts'
import { sayEvent, sayExchange } from './say.ts'
import { maskedCommand, maskedResponse } from './secrets.ts'

/** What happened at a reader. */
export type RecordKind = 'insert' | 'remove' | 'power-on' | 'reset' | 'power-off' | 'begin-transaction' | 'end-transaction' | 'apdu'

/** One line of a reader's record: plain JSON, no secret code in it. */
export interface RecordEntry {
  /** When it began: ISO 8601, UTC, milliseconds. */
  readonly at: string
  readonly reader: string
  readonly kind: RecordKind
  /** The command in upper-case hexadecimal; two asterisks for each byte of a secret code. Null for what is no exchange. */
  readonly command: string | null
  /** The answer, status bytes included; the answer to reset for `insert`, `power-on` and `reset`. Null when the card gave none. */
  readonly response: string | null
  /** Status word, or status byte of a native command: `9000`, `91AF`, `AF`. Null without an answer. */
  readonly sw: string | null
  /** Duration of the exchange, milliseconds. Null for what is no exchange. */
  readonly ms: number | null
  /** The exchange in words (French, with the names of the standards). */
  readonly said: string
}

/** What a slot tells its recorder. */
export interface Recorder {
  readonly entries: readonly RecordEntry[]
  event(reader: string, kind: Exclude<RecordKind, 'apdu'>, atr?: Uint8Array): void
  begin(reader: string, command: Uint8Array): { answered(response: Uint8Array): void; failed(reason: CardTrouble): void }
}

/** Inputs of a recorder. */
export interface RecorderOptions {
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number
  /** Called with each entry as it is complete: to write it at once. */
  readonly onEntry?: (entry: RecordEntry) => void
}

/**
 * Keeps what passes between readers and cards, decoded. Secret codes (VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, a reader's LOAD
 * KEYS) are masked before anything is kept.
 *
 * @example
 * const recorder = createRecorder()
 * const reader = createReader({ name: 'Desk', recorder })
 * // … recorder.entries.at(-1)?.said → 'VERIFY code 01 (4 octets masqués) → 63C2 code refusé, 2 essais restants'
 */
export function createRecorder({ now = Date.now, onEntry }: RecorderOptions = {}): Recorder {
  const entries: RecordEntry[] = []
  const add = (entry: RecordEntry): void => {
    entries.push(entry)
    onEntry?.(entry)
  }
  return {
    entries,
    event(reader, kind, atr) {
      const response = atr && atr.length > 0 ? hex(atr) : null
      add({ at: iso(now()), reader, kind, command: null, response, sw: null, ms: null, said: sayEvent(kind, atr ? response : undefined) })
    },
    begin(reader, command) {
      const at = iso(now())
      const started = performance.now()
      const masked = maskedCommand(command)
      const end = (response: string | null, sw: string | null, said: string): void => {
        add({ at, reader, kind: 'apdu', command: masked, response, sw, ms: Math.round((performance.now() - started) * 1000) / 1000, said })
      }
      return {
        answered(response) {
          const { sw, said } = sayExchange(command, response)
          end(maskedResponse(command, response), sw, said)
        },
        failed(reason) {
          end(null, null, sayExchange(command, null, reason).said)
        },
      }
    },
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
