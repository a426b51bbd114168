import { hash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBook } from '#core/book.ts'
import { shiftedClock, systemClock } from '#core/clock.ts'
import type { Draft } from '#core/journal.ts'
import { createMask } from '#core/secret.ts'
import type { VariantId } from '#core/variant.ts'
import type { Verdict } from '#core/verdict.ts'
import type { OpenIdProvider } from '#simulators/openid-provider/index.ts'
import type { Cast, RunFacts } from './cast.ts'
import { createJournalFiles } from './journal-files.ts'
import { createSchedule } from './schedule.ts'

/** The book, the mask and the files of a run: made before the provider, which writes into them. */
export function createStage(folder: string) {
  const files = createJournalFiles(folder)
  const key = randomBytes(32).toString('hex')
  return {
    files,
    /** The provider's: the machine's, or ahead of it. */
    clock: shiftedClock(systemClock),
    book: createBook(systemClock, files.keep),
    mask: createMask((value) => keyedDigest(key, value)),
  }
}

/** A short keyed digest; one shot, since every exchange asks for several. */
export function keyedDigest(key: string, value: string): string {
  return hash('sha256', `${key}:${value}`, 'hex').slice(0, 10)
}

export type Stage = ReturnType<typeof createStage>

/** The cast in this process. */
export function createLocalCast(
  facts: RunFacts,
  provider: OpenIdProvider,
  { book, mask, files, clock }: Stage,
  start: (variant: VariantId) => Promise<void> = async () => {},
  second?: OpenIdProvider,
): Cast {
  const schedule = createSchedule()
  const controls = new Map<string, { settled: Promise<Verdict>; settle: (verdict: Verdict) => void }>()
  const control = (id: string) => {
    const known = controls.get(id)
    if (known) return { known, first: false }
    let settle: (verdict: Verdict) => void = () => {}
    const made = { settled: new Promise<Verdict>((resolve) => (settle = resolve)), settle: (verdict: Verdict) => settle(verdict) }
    controls.set(id, made)
    return { known: made, first: true }
  }
  return {
    facts,
    async openFlow({ unit, hostile = [], other, ...flow }) {
      files.assign(flow.id, unit)
      provider.openFlow(flow)
      second?.openFlow({ ...flow, faults: hostile, persona: other ?? flow.persona })
    },
    async append(flow, drafts) {
      for (const draft of drafts) book.append(flow, masked(draft, provider.secretsOf(flow)))
    },
    read: async (flow) => book.read(flow),
    async closeFlow(flow) {
      provider.closeFlow(flow)
      second?.closeFlow(flow)
      book.forget(flow)
      // What was judged is on disk before the next unit begins.
      files.flush()
    },
    setLogin: async (flow, login) => provider.setLogin(flow, login),
    expireAccessTokens: (flow) => provider.expireAccessTokens(flow),
    bendTransport: (flow) => provider.bendTransport(flow),
    answerPhone: (flow, decision) => provider.answerPhone(flow, decision),
    setCommonFaults: async (faults) => provider.setCommonFaults(faults),
    async setClocks({ provider: ahead = 0, product }) {
      clock.ahead(ahead * 1000)
      writeFileSync(productClock(facts.folder), product === undefined ? '' : String(product))
    },
    reportLogout: (flow, order) => provider.reportLogout(flow, order),
    async claimControl(id) {
      const { known, first } = control(id)
      return first ? 'yours' : known.settled
    },
    settleControl: async (id, verdict) => control(id).known.settle(verdict),
    async ready(variant) {
      try {
        await start(variant)
        return {}
      } catch (error) {
        return { trouble: error instanceof Error ? error.message : String(error) }
      }
    },
    async takeTurn(persona, exclusive) {
      const release = await schedule.take(persona, exclusive)
      return { release: async () => release() }
    },
  }

  /** What a worker saw in the browser is masked here, by the same key as the wire. */
  function masked({ texts, ...draft }: Draft, secrets: ReadonlyMap<string, string>): Draft {
    if (draft.kind === 'navigation') return { ...draft, url: mask.text(draft.url), ...(draft.referer ? { referer: mask.text(draft.referer) } : {}) }
    if (draft.kind === 'observation') {
      const { refusal } = draft
      const cookies = draft.cookies?.map((cookie) => ({ ...cookie, digest: mask.secret(cookie.digest) }))
      return {
        ...draft,
        url: mask.text(draft.url),
        text: mask.text(draft.text),
        ...(refusal ? { refusal: mask.text(refusal) } : {}),
        ...(cookies ? { cookies } : {}),
      }
    }
    if (draft.kind === 'scan') return { ...draft, places: Object.keys(texts ?? {}), found: secretsIn(texts ?? {}, secrets) }
    return draft
  }
}

/** Where the texts show a secret, as it is or encoded for an address. */
function secretsIn(texts: Readonly<Record<string, string>>, secrets: ReadonlyMap<string, string>): { place: string; secret: string }[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    [...secrets].filter(([, value]) => text.includes(value) || text.includes(encodeURIComponent(value))).map(([secret]) => ({ place, secret })),
  )
}

/** The file in which the product reads the time of its sessions (milliseconds since 1970; empty: the machine's). */
export function productClock(folder: string): string {
  return join(folder, 'horloge')
}
