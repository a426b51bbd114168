import type { AdviceId } from '#core/requirement.ts'
import { read } from '#fixtures/load.ts'
import { shortened } from './found.ts'

/** What a product or its library writes when a given setting is wrong. */
interface Sign {
  readonly id: AdviceId
  readonly patterns: readonly string[]
}

/**
 * The first line of a product's output that betrays one of these misconfigurations; the words are those of the libraries, whatever
 * the product (`fixtures/advice/signs/product-output.json`).
 */
export function signIn(log: readonly string[], ...wanted: readonly AdviceId[]): { readonly id: AdviceId; readonly line: string } | undefined {
  for (const { id, patterns } of signs().filter((sign) => wanted.includes(sign.id))) {
    const found = log.find((line) => patterns.some((pattern) => new RegExp(pattern, 'i').test(line)))
    if (found) return { id, line: `« ${shortened(found, 160)} »` }
  }
  return undefined
}

let known: readonly Sign[] | undefined
function signs(): readonly Sign[] {
  known ??= read<{ signs: readonly Sign[] }>('advice/signs/product-output.json').signs
  return known
}
