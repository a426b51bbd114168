import { expect } from 'vitest'
import { bytes, type ExampleCard, exampleCard } from './card.test-data.ts'
import { PcscError, SCARD } from './index.ts'

export const CHALLENGE = bytes('0084000008')
/** CPS3: T=0 only. */
export const T0_ONLY = bytes('3BAC00402A001225006480000310009000')

/** A reader of this process, or one of pcscd. */
export interface Side {
  connect(options?: { shareMode?: number; protocols?: number }): Promise<Played>
  insert(card: ExampleCard): Promise<void>
  remove(): void
  end(): void
}

/** A connection to either. */
interface Played {
  readonly protocol: number
  transmit(command: Uint8Array): Promise<Uint8Array>
  begin(): Promise<void>
  end(disposition?: number): Promise<void>
  reconnect(options?: { shareMode?: number; protocols?: number; initialization?: number }): Promise<number>
  disconnect(disposition?: number): Promise<void>
  status(): Promise<unknown>
}

/** One story, and the error (or the answer) at each of its turns. */
export async function played(side: Side): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {}
  const note = async (turn: string, call: () => Promise<unknown>): Promise<void> => {
    seen[turn] = await call().then(
      (value) => value ?? 'done',
      (error: unknown) => (error instanceof PcscError ? error.scard : error),
    )
  }
  const card = exampleCard(() => bytes('9000'), { atr: T0_ONLY })
  await side.insert(card)
  const one = await side.connect()
  const other = await side.connect()
  seen['protocol'] = one.protocol
  await note('T=1 of a T=0 card', () => side.connect({ protocols: SCARD.SCARD_PROTOCOL_T1 }))
  await note('no protocol', () => side.connect({ protocols: 0 }))
  await note('unknown share mode', () => side.connect({ shareMode: 9 }))
  await note('exclusive beside another', () => side.connect({ shareMode: SCARD.SCARD_SHARE_EXCLUSIVE }))
  await note('end without begin', () => one.end())
  await note('begin', () => one.begin())
  await note('transmit in another’s transaction', () => other.transmit(CHALLENGE))
  await note('begin in another’s transaction', () => other.begin())
  await note('end of another’s transaction', () => other.end(SCARD.SCARD_RESET_CARD))
  await note('reconnect in another’s transaction', () => other.reconnect())
  await note('status in another’s transaction', () => other.status())
  await note('nested begin', () => one.begin())
  await note('first end', () => one.end())
  await note('still held', () => other.transmit(CHALLENGE))
  await note('second end, with a reset', () => one.end(SCARD.SCARD_RESET_CARD))
  await note('own connection after a reset', () => one.transmit(CHALLENGE))
  await note('after a reset by another', () => other.transmit(CHALLENGE))
  await note('begin after a reset', () => other.begin())
  await note('status after a reset', () => other.status().then(() => 'told'))
  await note('reconnected', () => other.reconnect())
  await note('transmit again', async () => (await other.transmit(CHALLENGE)).length)
  await note('reconnect exclusive beside another', () => other.reconnect({ shareMode: SCARD.SCARD_SHARE_EXCLUSIVE }))
  await note('left by reset', () => other.disconnect(SCARD.SCARD_RESET_CARD))
  await note('closed', () => other.transmit(CHALLENGE))
  await note('reset by one who left', () => one.transmit(CHALLENGE))
  await note('reconnect with unpower', () => one.reconnect({ initialization: SCARD.SCARD_UNPOWER_CARD }))
  await note('reconnect with eject', () => one.reconnect({ initialization: SCARD.SCARD_EJECT_CARD }))
  await note('alone, exclusive', () => one.reconnect({ shareMode: SCARD.SCARD_SHARE_EXCLUSIVE }))
  await note('beside an exclusive one', () => side.connect())
  await note('direct beside an exclusive one', () => side.connect({ shareMode: SCARD.SCARD_SHARE_DIRECT }))
  await note('shared again', () => one.reconnect())
  await note('unknown disposition', () => one.disconnect(9))
  await note('left unpowered', () => one.disconnect(SCARD.SCARD_UNPOWER_CARD))
  seen['life'] = card.life.filter((event) => event !== card.life[0] || event === 'reset').slice(-1)
  const last = await side.connect()
  seen['powered again'] = card.life.at(-1)
  side.remove()
  await eventually(async () => expect(await last.transmit(CHALLENGE).catch((error: PcscError) => error.scard)).toBe('SCARD_W_REMOVED_CARD'))
  await note('begin on a removed card', () => last.begin())
  await note('reconnect without a card', () => last.reconnect())
  await note('connect without a card', () => side.connect())
  await note('direct without a card', async () => (await side.connect({ shareMode: SCARD.SCARD_SHARE_DIRECT })).protocol)
  side.end()
  return seen
}

/** The first result that is no error, tried again for `timeout` milliseconds. */
export async function eventually<Result>(look: () => Promise<Result>, timeout = 5_000): Promise<Result> {
  for (const started = performance.now(); ; ) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() - started > timeout) throw error
      await new Promise((next) => setTimeout(next, 5))
    }
  }
}
