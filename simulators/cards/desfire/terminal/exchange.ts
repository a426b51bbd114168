import { FRAME, type Framing } from '../framing.ts'
import { STATUS } from '../status.ts'

/** What carries commands to a card: a reader, or the card itself. */
export type Transmit = (command: Uint8Array) => Promise<Uint8Array>

/** What a card said: its status, and its data when the status is 00 or AF. A null status is an answer that is none. */
export interface Said {
  readonly status: number | null
  readonly data: Buffer
}

/** More frames than any answer has; a card that goes on beyond is not waited for. */
const MOST_FRAMES = 1024

/** One frame there, one back. */
export async function frame(transmit: Transmit, framing: Framing, command: number, body: Uint8Array): Promise<Said> {
  const raw = framing === 'native' ? Buffer.concat([Uint8Array.of(command), body]) : wrapped(command, body)
  const answer = Buffer.from(await transmit(raw))
  if (framing === 'native') return answer.length === 0 ? NOTHING_SAID : { status: answer[0] ?? null, data: answer.subarray(1) }
  if (answer.length < 2 || answer[answer.length - 2] !== 0x91) return NOTHING_SAID
  return { status: answer[answer.length - 1] ?? null, data: answer.subarray(0, -2) }
}

const NOTHING_SAID: Said = { status: null, data: Buffer.alloc(0) }

/** 90, the command, 00 00, the body with its length, 00. */
function wrapped(command: number, body: Uint8Array): Buffer {
  const head = [0x90, command, 0x00, 0x00]
  return body.length === 0 ? Buffer.from([...head, 0x00]) : Buffer.concat([Uint8Array.from([...head, body.length]), body, Uint8Array.of(0)])
}

/**
 * A whole command: the body in as many frames as it takes, the answer from as many as come.
 * @param size bytes of body in a frame; the usual reader's unless told
 */
export async function exchange(transmit: Transmit, framing: Framing, command: number, body: Uint8Array, size = FRAME): Promise<Said> {
  let said = await frame(transmit, framing, command, body.subarray(0, size))
  for (let at = size; at < body.length; at += size) {
    if (said.status !== STATUS.additionalFrame) return said
    said = await frame(transmit, framing, STATUS.additionalFrame, body.subarray(at, at + size))
  }
  const parts = [said.data]
  while (said.status === STATUS.additionalFrame) {
    if (parts.length > MOST_FRAMES) return NOTHING_SAID
    said = await frame(transmit, framing, STATUS.additionalFrame, Buffer.alloc(0))
    parts.push(said.data)
  }
  return { status: said.status, data: parts.length === 1 ? said.data : Buffer.concat(parts) }
}
