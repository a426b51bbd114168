/** What the driver's side of the wire can do wrong, or not do at all. */
export type VpcdTrouble =
  | 'UNREACHABLE'
  | 'NOT_LOOPBACK'
  | 'NOT_TAKEN'
  | 'CONNECTION_LOST'
  | 'ZERO_LENGTH'
  | 'FRAME_TOO_LONG'
  | 'FRAME_CUT'
  | 'UNKNOWN_CONTROL'
  | 'ANSWER_TOO_LONG'

/** A trouble between the vpcd driver and the virtual card. Never holds bytes of a command: they may be a secret code. */
export class VpcdError extends Error {
  readonly code: VpcdTrouble

  constructor(code: VpcdTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'VpcdError'
    this.code = code
  }
}

/** What the driver asks: a control of one byte, or an APDU. */
export type VpcdFrame =
  | { readonly kind: 'power-off' | 'power-on' | 'reset' | 'atr' }
  | { readonly kind: 'unknown-control'; readonly control: number }
  | { readonly kind: 'apdu'; readonly apdu: Uint8Array }

const CONTROLS: Readonly<Record<number, 'power-off' | 'power-on' | 'reset' | 'atr'>> = { 0: 'power-off', 1: 'power-on', 2: 'reset', 4: 'atr' }

/** Cuts the driver's stream into frames: two bytes of length, most significant first, and as many bytes. */
export class VpcdFrames {
  #pending: Uint8Array = new Uint8Array()
  readonly #longest: number

  /** `longest`: bytes that a frame may announce. */
  constructor(longest = 0xffff) {
    this.#longest = longest
  }

  /** True in the middle of a frame. */
  get cut(): boolean {
    return this.#pending.length > 0
  }

  /** Takes what arrived and gives the frames that are whole. @throws VpcdError `ZERO_LENGTH`, `FRAME_TOO_LONG`: the stream is lost. */
  push(bytes: Uint8Array): VpcdFrame[] {
    const frames: VpcdFrame[] = []
    let rest: Uint8Array = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes
    for (;;) {
      const [high, low] = rest
      if (high === undefined || low === undefined) break
      const length = high * 256 + low
      if (length === 0) throw new VpcdError('ZERO_LENGTH', 'The driver announced a frame of no byte.')
      if (length > this.#longest) throw new VpcdError('FRAME_TOO_LONG', `The driver announced ${length} bytes, more than ${this.#longest}.`)
      if (rest.length < 2 + length) break
      frames.push(frameOf(rest.subarray(2, 2 + length)))
      rest = rest.subarray(2 + length)
    }
    this.#pending = Uint8Array.from(rest)
    return frames
  }
}

function frameOf(payload: Uint8Array): VpcdFrame {
  const [control = 0] = payload
  if (payload.length > 1) return { kind: 'apdu', apdu: Uint8Array.from(payload) }
  const kind = CONTROLS[control]
  return kind ? { kind } : { kind: 'unknown-control', control }
}

/** An answer with its length in front. @throws VpcdError `ANSWER_TOO_LONG` beyond what two bytes can tell. */
export function vpcdAnswer(payload: Uint8Array): Uint8Array {
  if (payload.length > 0xffff) throw new VpcdError('ANSWER_TOO_LONG', `An answer of ${payload.length} bytes does not fit a frame.`)
  const frame = new Uint8Array(2 + payload.length)
  frame[0] = payload.length >> 8
  frame[1] = payload.length & 0xff
  frame.set(payload, 2)
  return frame
}
