import type { Clock } from '#core/clock.ts'

export type Operation = 'authenticate' | 'wrap-for-personalisation' | 'rotate' | 'retire'

/** One call to the KMS, as the establishment's auditors would read it. */
export interface KmsCall {
  /** From 1, without a gap. */
  readonly number: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number
  readonly operation: Operation
  /** UID in hexadecimal; absent when the call was about no badge. */
  readonly badge?: string
  readonly application?: string
  readonly version: number
  readonly outcome: 'done' | 'version-unknown' | 'version-retired' | 'input-malformed'
}

/** A log that only grows. What is read is a copy, and its entries are frozen. */
export function createCallLog(clock: Clock) {
  const calls: KmsCall[] = []
  return {
    append(call: {
      readonly operation: Operation
      readonly badge?: Uint8Array
      readonly application?: Uint8Array
      readonly version: number
      readonly outcome: KmsCall['outcome']
    }): void {
      const { badge, application, ...rest } = call
      calls.push(
        Object.freeze({
          number: calls.length + 1,
          at: clock.now(),
          ...rest,
          ...(badge ? { badge: Buffer.from(badge).toString('hex') } : {}),
          ...(application ? { application: Buffer.from(application).toString('hex') } : {}),
        }),
      )
    },
    read: (): readonly KmsCall[] => [...calls],
  }
}
