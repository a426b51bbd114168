import { type Exchange, exchangesAt, type Journal } from '#core/journal.ts'
import type { Breach } from '#core/module.ts'

/** Authorization requests, as opposed to the hops of the provider's own pages. */
export function authorizationRequests(journal: Journal): Exchange[] {
  return exchangesAt(journal, 'authorization').filter(({ params }) => params['client_id'] !== undefined)
}

/** Values of a parameter that more than one request of the run carries. */
export function repeated(journals: readonly Journal[], name: string): Breach[] {
  const seen = new Map<string, number>()
  for (const journal of journals) {
    for (const { params } of authorizationRequests(journal)) if (params[name]) seen.set(params[name], (seen.get(params[name]) ?? 0) + 1)
  }
  return [...seen]
    .filter(([, count]) => count > 1)
    .map(([value, count]) => ({
      expected: `Un ${name} différent à chaque demande.`,
      observed: `La valeur « ${value.slice(0, 24)} » de ${name} sert à ${count} demandes du passage.`,
    }))
}
