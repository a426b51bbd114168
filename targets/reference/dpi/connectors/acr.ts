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
  const level = levelOf(acr, defects)
  if (level === undefined) {
    if (defects.has('accepts-unknown-acr')) return
    throw new Refusal('level', 'id_token.acr-unknown')
  }
  const needed = Math.min(...acrValues.split(' ').map((value) => LEVELS[value] ?? Number.POSITIVE_INFINITY))
  if (level < needed && !defects.has('accepts-lower-acr')) throw new Refusal('level', 'id_token.acr-too-low')
  if (level > needed && defects.has('rejects-higher-acr')) throw new Refusal('level', 'id_token.acr-too-high')
}

function levelOf(acr: unknown, defects: Defects): number | undefined {
  const text = typeof acr === 'string' ? acr : undefined
  if (text !== undefined && Object.hasOwn(LEVELS, text)) return LEVELS[text]
  // What careless comparisons make of the rest.
  if (defects.has('acr-loose') && text !== undefined) return LEVELS[text.trim().toLowerCase()]
  if (defects.has('acr-by-prefix') && text?.startsWith('eidas')) return 1
  if (defects.has('acr-any-of-several')) return JSON.stringify(acr).includes('eidas1') ? 1 : undefined
  if (defects.has('acr-as-number')) return Number(acr) >= 1 ? 1 : undefined
  return undefined
}

/** Ways that stand for two factors; the means of Pro Santé Connect and the values of RFC 8176 that say so by themselves. */
const STRONG = ['CARD', 'ECPS', 'mfa', 'hwk', 'sc', 'swk']

/**
 * The ways of authentication (amr), where they are told, must hold at least one that accounts for the level; absent, they say nothing.
 *
 * @throws Refusal `level`
 */
export function checkAmr(amr: unknown, defects: Defects): void {
  if (amr === undefined && defects.has('requires-amr')) throw new Refusal('level', 'id_token.amr-missing')
  if (amr === undefined || defects.has('ignores-amr')) return
  const known = Array.isArray(amr) ? amr : defects.has('accepts-malformed-amr') ? ['CARD'] : []
  const enough = known.length > 0 && known.every((one) => typeof one === 'string') && known.some((one) => STRONG.includes(one))
  if (!enough) throw new Refusal('level', 'id_token.amr')
  if (defects.has('amr-exact') && !(known.length === 1 && (known[0] === 'CARD' || known[0] === 'ECPS'))) throw new Refusal('level', 'id_token.amr')
}
