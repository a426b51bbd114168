import type { Defects } from '../defects.ts'
import { Refusal } from '../refusal.ts'

const LEVELS: Readonly<Record<string, number>> = { '0': 0, eidas1: 1, eidas2: 2, eidas3: 3 }

/**
 * The level received must be at least the one requested (OpenID Connect Core 1.0 §3.1.3.7-12). Absent, unknown or « 0 » is refused;
 * higher is welcome. With several values requested, the lowest is enough.
 *
 * @throws Refusal `level`
 */
export function checkAcr(acr: unknown, acrValues: string, defects: Defects): void {
  if (defects.has('ignores-acr')) return
  if (acr === undefined) {
    if (defects.has('accepts-missing-acr')) return
    throw new Refusal('level', 'id_token.acr-missing')
  }
  const level = typeof acr === 'string' && Object.hasOwn(LEVELS, acr) ? LEVELS[acr] : undefined
  if (level === undefined) {
    if (defects.has('accepts-unknown-acr')) return
    throw new Refusal('level', 'id_token.acr-unknown')
  }
  const needed = Math.min(...acrValues.split(' ').map((value) => LEVELS[value] ?? Number.POSITIVE_INFINITY))
  if (level < needed && !defects.has('accepts-lower-acr')) throw new Refusal('level', 'id_token.acr-too-low')
  if (level > needed && defects.has('rejects-higher-acr')) throw new Refusal('level', 'id_token.acr-too-high')
}
