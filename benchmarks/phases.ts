import { exchangesAt, type Journal, of } from '#core/journal.ts'

/** Where the time of one unit of the HTTP engine went, milliseconds. */
export interface Phases {
  /** Answers of the product's pages, without what its server waits for at the provider. */
  readonly product: number
  /** The provider's own work for the product's server: token, userinfo, keys. */
  readonly backChannel: number
  /** The provider's own work for the browser. */
  readonly provider: number
  /** Bytes to and from the provider's pages. */
  readonly transport: number
  /** Documents read into trees. */
  readonly reading: number
  /** Everything else: looking things up in pages, journal, judgement. */
  readonly rest: number
}

/** What the meter of the engine counted during one unit. */
export interface Counted {
  wireProduct: number
  wireProvider: number
  page: number
}

/** The simulator's own durations come from the journal, the engine's from its meter. */
export function phasesOf(journal: Journal, { wireProduct, wireProvider, page }: Counted, total: number): Phases {
  const sum = (durations: readonly { readonly duration: number }[]) => durations.reduce((all, { duration }) => all + duration, 0)
  const backChannel = sum(['token', 'userinfo', 'jwks'].flatMap((site) => exchangesAt(journal, site)))
  const provider = sum(of(journal, 'exchange').filter(({ channel }) => channel === 'browser'))
  return {
    product: wireProduct - backChannel,
    backChannel,
    provider,
    transport: wireProvider - provider,
    reading: page,
    rest: total - wireProduct - wireProvider - page,
  }
}
