import type { Card } from '#core/device.ts'
import { type AnswerHabit, AUTHENTICATIONS, beginAuthentication, endAuthentication, type Started } from './authentication.ts'
import { writingLength } from './commands/data.ts'
import { COMMANDS, WRITING_COMMANDS } from './commands/table.ts'
import { FRAME, type Framing, framed, parseFrame, parseIso, statusWord } from './framing.ts'
import { answerIso } from './iso.ts'
import { type Application, type Chip, newApplication } from './state.ts'
import { demand, Refusal, STATUS, type Status } from './status.ts'
import { abort } from './transaction.ts'

export interface DesfireOptions {
  /** Seven bytes; the first one is the manufacturer's (04). */
  readonly uid: Uint8Array
  readonly generation: 'EV1' | 'EV2' | 'EV3'
  /** Random bytes: challenges, transaction identifiers, random UIDs. */
  readonly random: (length: number) => Uint8Array
  /** Batch (5 bytes), week and year of production (BCD). */
  readonly production?: Uint8Array
  /** Bytes of user memory; that of an 8 KiB card unless told. */
  readonly memory?: number
  readonly habit?: AnswerHabit
}

/** A DESFire card, new from the factory: single DES master key of zeros, everything open. */
export interface DesfireCard extends Card {
  /** UID that a reader sees at anticollision: the card's own, or four random bytes (08 first) drawn each time it is powered. */
  readonly uid: Uint8Array
  /** Answer to select (ISO/IEC 14443-4 §5.2). */
  readonly ats: Uint8Array
  /** All of the card, for those who make it; no command shows it. */
  readonly chip: Chip
  /** `transmit` without waiting: the card answers in no time. */
  execute(command: Uint8Array): Buffer
}

/** Command that brings a further frame, or asks for one. */
const FURTHER = STATUS.additionalFrame

/** What a chain of frames is about. */
type Chain =
  | { readonly kind: 'authentication'; readonly started: Started }
  | { readonly kind: 'incoming'; readonly command: number; readonly parts: Buffer[]; received: number; readonly expected: number }
  | { readonly kind: 'outgoing'; readonly frames: Buffer[] }

/**
 * A card. Whatever comes is answered by a status, native or in a status word; nothing throws. A status other than 00 and AF ends the
 * session and drops what was pending.
 */
export function createDesfireCard(options: DesfireOptions): DesfireCard {
  const chip = newChip(options)
  const habit = options.habit ?? 'honest'
  const commands = COMMANDS(Buffer.from(options.production ?? Buffer.from('ba345512402418', 'hex')))
  let chain: Chain | undefined
  let seen: Buffer | undefined

  function run(framing: Framing, command: number, body: Buffer): Buffer {
    try {
      return framed(framing, ...step(framing, command, body))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      chain = undefined
      chip.session = undefined
      abort(chip)
      return framed(framing, error.status, Buffer.alloc(0))
    }
  }

  function step(framing: Framing, command: number, body: Buffer): readonly [Status, Buffer] {
    if (command === FURTHER) return further(framing, body)
    chain = undefined
    const mode = AUTHENTICATIONS[command]
    if (mode) {
      const started = beginAuthentication(chip, mode, body)
      chip.session = undefined
      chain = { kind: 'authentication', started }
      return [FURTHER, started.challenge]
    }
    if (WRITING_COMMANDS.has(command)) {
      const expected = writingLength(chip, body)
      if (body.length < expected) {
        chain = { kind: 'incoming', command, parts: [body], received: body.length, expected }
        return [FURTHER, Buffer.alloc(0)]
      }
    }
    return finish(framing, command, body)
  }

  function further(framing: Framing, body: Buffer): readonly [Status, Buffer] {
    if (chain?.kind === 'authentication') {
      const { started } = chain
      chain = undefined
      return [STATUS.ok, endAuthentication(chip, started, body, habit)]
    }
    if (chain?.kind === 'outgoing') {
      demand(body.length === 0, STATUS.length)
      const next = chain.frames.shift() ?? Buffer.alloc(0)
      if (chain.frames.length > 0) return [FURTHER, next]
      chain = undefined
      return [STATUS.ok, next]
    }
    if (!chain) throw new Refusal(STATUS.commandAborted)
    // A frame without data would let a chain go on for ever.
    demand(body.length > 0 && chain.received + body.length <= chain.expected, STATUS.length)
    chain.parts.push(body)
    chain.received += body.length
    if (chain.received < chain.expected) return [FURTHER, Buffer.alloc(0)]
    const { command, parts } = chain
    chain = undefined
    return finish(framing, command, Buffer.concat(parts))
  }

  /** All of the command is here: it is run and its answer cut into frames. */
  function finish(framing: Framing, command: number, body: Buffer): readonly [Status, Buffer] {
    const known = commands.get(command)
    if (!known || (known.since === 'EV2' && chip.generation === 'EV1')) throw new Refusal(STATUS.illegalCommand)
    const { data, cuts } = known.run(chip, body, command)
    const frames = cuts ? cutAt(data, cuts) : cutEvery(data, known.longFrames && framing === 'wrapped' ? 256 : FRAME)
    const [first = Buffer.alloc(0), ...rest] = frames
    if (rest.length === 0) return [STATUS.ok, first]
    chain = { kind: 'outgoing', frames: rest }
    return [FURTHER, first]
  }

  function reset(): void {
    abort(chip)
    chain = undefined
    chip.session = undefined
    chip.selected = chip.picc
    seen = undefined
  }

  const execute = (raw: Uint8Array): Buffer => {
    // The field brings nothing: an empty frame is no command.
    if (raw.length === 0) return framed('native', STATUS.length, Buffer.alloc(0))
    if (raw[0] === 0x00 || (raw.length >= 4 && isIsoClass(raw[0] ?? 0))) {
      chain = undefined
      const iso = parseIso(raw)
      return iso ? answerIso(chip, iso) : statusWord(0x6700)
    }
    const frame = parseFrame(raw)
    return 'refused' in frame ? framed(frame.framing, frame.refused, Buffer.alloc(0)) : run(frame.framing, frame.command, frame.body)
  }

  return {
    chip,
    get atr() {
      return atrOf(chip.ats)
    },
    get ats() {
      return chip.ats
    },
    get uid() {
      seen ??= chip.randomUid ? Buffer.concat([Uint8Array.of(0x08), chip.random(3)]) : chip.uid
      return seen
    },
    reset,
    powerOff: reset,
    execute,
    transmit: async (command) => execute(command),
  }
}

/** Classes of ISO/IEC 7816-4 other than 00 that are no DESFire command: chaining, channels, secure messaging. */
function isIsoClass(cla: number): boolean {
  return cla >= 0x01 && cla <= 0x03
}

function newChip(options: DesfireOptions): Chip {
  const uid = Buffer.from(options.uid)
  if (uid.length !== 7) throw new RangeError(`7 bytes of UID expected, ${uid.length} given`)
  const defaultKey = { bytes: Buffer.alloc(24), version: 0 }
  const picc: Application = newApplication({ defaultKey }, { aid: 0, settings: 0x0f, family: 'des', keys: 1 })
  return {
    uid,
    generation: options.generation,
    random: options.random,
    memory: options.memory ?? 7680,
    applications: new Map([[0, picc]]),
    picc,
    selected: picc,
    session: undefined,
    randomUid: false,
    formatAllowed: true,
    defaultKey,
    ats: Buffer.from('067577810280', 'hex'),
  }
}

/** As PC/SC part 3 §3.1.3.2.3 makes it up: 3B, 8n, 80, 01, the historical bytes and their exclusive or. */
function atrOf(ats: Buffer): Buffer {
  const [, format = 0] = ats
  // TA, TB and TC follow the format byte as far as its bits 5 to 7 announce them.
  const historical = ats.subarray(2 + [0x10, 0x20, 0x40].filter((bit) => format & bit).length)
  const middle = Buffer.concat([Uint8Array.of(0x80 | historical.length, 0x80, 0x01), historical])
  return Buffer.concat([Uint8Array.of(0x3b), middle, Uint8Array.of(middle.reduce((sum, byte) => sum ^ byte, 0))])
}

function cutAt(data: Buffer, cuts: readonly number[]): Buffer[] {
  return [0, ...cuts].map((start, at) => data.subarray(start, cuts[at]))
}

function cutEvery(data: Buffer, size: number): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < data.length; at += size) frames.push(data.subarray(at, at + size))
  return frames
}
