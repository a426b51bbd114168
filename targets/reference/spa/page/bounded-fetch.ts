const PATIENCE = 5000
const MOST_BYTES = 1_000_000
const unbounded = globalThis.fetch.bind(globalThis)

/** The answer is there within the patience, is read no further than the cap, and comes from where it was asked: no redirection is followed. */
const boundedFetch: typeof fetch = async (input, init = {}) => {
  const limit = AbortSignal.timeout(PATIENCE)
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

// The library calls the browser's own: it is bounded too.
globalThis.fetch = boundedFetch
