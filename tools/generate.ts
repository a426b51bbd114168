import { generateIds } from './generate-ids.ts'

/** Rewrites every generated file; gives one French line for each. */
export function generate(): readonly string[] {
  return [`fixtures/generated/ids.ts : ${generateIds() ? 'réécrit' : 'à jour'}.`]
}

if (import.meta.main) for (const line of generate()) console.log(line)
