import { bounded } from '../../reading.ts'
import type { PageConfiguration } from '../configuration.ts'
import type { SpaDefect } from '../defects.ts'

// The library calls the browser's own: it is bounded too.
globalThis.fetch = bounded(globalThis.fetch.bind(globalThis), 5000)

/** What the server handed to the page. */
export const configuration = await json<PageConfiguration>('/configuration.json')

export function has(defect: SpaDefect): boolean {
  return configuration.defects.includes(defect)
}

/** A JSON document of our own server. */
export async function json<T>(path: string): Promise<T> {
  const answer = await fetch(path, { cache: 'no-store' })
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`)
  return (await answer.json()) as T
}
