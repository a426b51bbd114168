import type { WriteStream } from 'node:tty'
import type { Verdict } from '#core/verdict.ts'

/** Where lines for a person go. */
export interface Terminal {
  write(text: string): void
  readonly columns: number
  /** A line may be rewritten: a terminal with a person in front of it, not a CI log. */
  readonly live: boolean
  readonly colour: boolean
}

/** Width of the lines where nobody says how wide the place is. */
const UNKNOWN_WIDTH = 160

/** Colours only on a terminal and without NO_COLOR; a live line only on a terminal that is not a CI's. */
export function terminal(
  stream: Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>> = process.stdout,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const tty = stream.isTTY === true && environment['TERM'] !== 'dumb'
  return {
    write: (text) => {
      stream.write(text)
    },
    get columns() {
      return tty ? (stream.columns ?? 80) : UNKNOWN_WIDTH
    },
    live: tty && !environment['CI'],
    colour: tty && !environment['NO_COLOR'],
  }
}

const COLOURS: Readonly<Record<Verdict, number>> = {
  error: 35,
  fail: 31,
  inconclusive: 33,
  review: 36,
  warning: 33,
  'accepted-risk': 33,
  pass: 32,
  inapplicable: 90,
}

/** A text in the colour of a verdict, where colours are welcome. */
export function paint(out: Terminal, verdict: Verdict, text: string): string {
  return out.colour ? `\u001b[${COLOURS[verdict]}m${text}\u001b[0m` : text
}
