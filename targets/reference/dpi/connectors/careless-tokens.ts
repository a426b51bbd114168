import type { Claims } from './claim-checks.ts'
import { isCompact } from './signature.ts'

/** What only a defective connector makes of a token that is no token: the first part that reads as claims, or nothing at all. */
export function lenientClaims(token: string): Claims | undefined {
  if (isCompact(token) && objectIn(token.split('.')[0] ?? '') && objectIn(token.split('.')[1] ?? ''))
    return isShortSignature(token) ? read(token) : undefined
  return read(token)
}

/** The claims of a token whose members may stand twice, read by a parser that keeps the first. */
export function duplicateClaims(token: string): Claims {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const last = JSON.parse(text) as Record<string, unknown>
  for (const name of Object.keys(last)) {
    const first = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*"|\\d+)`).exec(text)?.[1]
    if (first !== undefined) last[name] = JSON.parse(first)
  }
  return last
}

function read(token: string): Claims {
  const parts = token.split(/[^\w-]+/).filter(Boolean)
  return parts.map(objectIn).find((found) => found && 'iss' in found) ?? {}
}

/** No signature of 2048 bits is this short, or longer than its key. */
function isShortSignature(token: string): boolean {
  return Buffer.from(token.split('.')[2] ?? '', 'base64url').length !== 256
}

function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
