/** What a Content-Security-Policy forbids of the few things that this engine does. */
export type Directive = 'img-src' | 'script-src' | 'style-src' | 'frame-src' | 'media-src' | 'object-src' | 'form-action'

/**
 * Does the policy of a document let it fetch, or send a form to, an address (CSP Level 3 §6.7.2)? Several policies must all allow it.
 * Nonces and hashes say nothing about addresses and never match.
 */
export function allowed(header: string | undefined, directive: Directive, self: URL, to: URL): boolean {
  if (!header) return true
  return header.split(',').every((policy) => {
    const directives = new Map(
      policy
        .split(';')
        .map((part) => part.trim().split(/\s+/))
        .filter(([name]) => name)
        .map(([name = '', ...sources]) => [name.toLowerCase(), sources] as const),
    )
    const fallback =
      directive === 'form-action'
        ? undefined
        : ((directive === 'frame-src' ? directives.get('child-src') : undefined) ?? directives.get('default-src'))
    const sources = directives.get(directive) ?? fallback
    return sources === undefined || sources.some((source) => matches(source, self, to))
  })
}

function matches(source: string, self: URL, to: URL): boolean {
  const lower = source.toLowerCase()
  if (lower === "'self'") return to.origin === self.origin
  if (lower === '*') return /^(https?|wss?):$/.test(to.protocol) || to.protocol === self.protocol
  if (/^[a-z][a-z0-9+.-]*:$/.test(lower)) return to.protocol === lower || (lower === 'http:' && to.protocol === 'https:')
  const found = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*\.)?([^/:]+|\*)(?::(\d+|\*))?(\/.*)?$/.exec(lower)
  if (!found) return false
  const [, scheme, wild, host = '', port, path] = found
  if (
    scheme
      ? to.protocol !== `${scheme}:` && !(scheme === 'http' && to.protocol === 'https:')
      : to.protocol !== self.protocol && to.protocol !== 'https:'
  )
    return false
  if (wild ? !to.hostname.endsWith(`.${host}`) : host !== '*' && host !== to.hostname) return false
  const standard = to.protocol === 'https:' ? '443' : '80'
  if (port !== '*' && (port ?? standard) !== (to.port || standard)) return false
  return !path || path === '/' || (path.endsWith('/') ? to.pathname.startsWith(path) : to.pathname === path)
}
