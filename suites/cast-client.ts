import { HarnessError } from '#core/errors.ts'
import type { Cast, RunFacts } from './cast.ts'
import { VERBS, type Verb } from './cast-server.ts'

/**
 * The cast of a run that another process started.
 * @throws HarnessError `CAST_UNREACHABLE`
 */
export async function connectCast(url: string): Promise<Cast> {
  async function call(verb: string, args: readonly unknown[] = []): Promise<unknown> {
    try {
      const response = await fetch(`${url}/${verb}`, { method: 'POST', body: JSON.stringify(args) })
      return await response.json()
    } catch (cause) {
      throw new HarnessError('CAST_UNREACHABLE', 'Les simulateurs de ce passage ne répondent plus.', {
        fix: 'Relancez la certification ; si cela se répète, lisez journaux/hors-flux.jsonl du passage.',
        cause,
      })
    }
  }
  const facts = (await call('facts')) as RunFacts
  const verbs = Object.fromEntries(VERBS.map((verb) => [verb, (...args: unknown[]) => call(verb, args)])) as unknown as Pick<Cast, Verb>
  return {
    ...verbs,
    facts,
    async takeTurn(persona, exclusive) {
      const id = await call('takeTurn', [persona, exclusive ?? null])
      return { release: async () => void (await call('releaseTurn', [id])) }
    },
  }
}
