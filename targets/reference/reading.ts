/** How the references read what a provider answers. The page of the single-page application imports it too: nothing of Node here. */

const MOST_BYTES = 1_000_000

/**
 * A `fetch` whose answer is there within the patience (milliseconds), is read no further than the cap, and comes from where it was asked:
 * no redirection is followed.
 */
export function bounded(unbounded: typeof fetch, patience: number): typeof fetch {
  return async (input, init = {}) => {
    const limit = AbortSignal.timeout(patience)
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
    const { body, status, headers } = await unbounded(input, { ...init, redirect: 'error', signal })
    const parts: Uint8Array<ArrayBuffer>[] = []
    let bytes = 0
    const reader = body?.getReader()
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      bytes += part.value.length
      if (bytes > MOST_BYTES) {
        await reader?.cancel()
        throw new TypeError('the answer is too large')
      }
      parts.push(part.value)
    }
    return new Response(bytes === 0 ? null : new Blob(parts), { status, headers })
  }
}

/** Does a member of the outermost object stand twice? Readers disagree on which one counts (RFC 8259 §4): neither does here. */
export function hasRepeatedMember(text: string): boolean {
  const seen = new Set<string>()
  let depth = 0
  let last = ''
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':' && depth === 1) {
      if (seen.has(last)) return true
      seen.add(last)
    } else last = token
  }
  return false
}

/** The national identifiers that a document names; empty ones count as absent. */
export function nationalIdentifiers(source: Readonly<Record<string, unknown>>): readonly string[] {
  return [source['SubjectNameID'], source['preferred_username']].filter((value): value is string => typeof value === 'string' && value !== '')
}

/** Does the userinfo name another professional than the signed ID token? */
export function contradicts(userinfo: Readonly<Record<string, unknown>>, claims: Readonly<Record<string, unknown>>): boolean {
  const signed = nationalIdentifiers(claims)
  return signed.length > 0 && nationalIdentifiers(userinfo).some((value) => !signed.includes(value))
}
