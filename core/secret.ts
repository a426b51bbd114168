/**
 * Masking at recording. What is secret (codes, tokens, passwords, verifiers, cookies, credentials) is replaced by a keyed
 * digest, so that two equal secrets can still be told equal and nothing can be played again. The key dies with the run.
 */
export interface Mask {
  /** One secret value. The digest is the same for the same value within a run. */
  secret(value: string): string
  /** Any text: known secrets and everything that looks like a token are replaced where they stand. */
  text(value: string): string
  /** Named parameters of a query or form: the secret ones are masked, the others go through `text`. */
  params(entries: Iterable<readonly [string, string]>): Record<string, string>
  /** A JSON document: members with a secret name are masked; tokens are shown decoded without signature. */
  json(value: unknown): unknown
  headers(headers: Readonly<Record<string, string | readonly string[] | number | undefined>>): Record<string, string>
  /** Declares a value (client secret, …) that must never appear; it is shown as `‹name›` wherever it stands. */
  declare(name: string, value: string): void
}

const SECRET_NAMES = new Set([
  'client_secret',
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'logout_token',
  'auth_req_id',
  'client_assertion',
  'subject_token',
  'actor_token',
  'password',
  'pin',
  'token',
  'login_hint_token',
  'xsrf',
  'session_state',
  'sid',
])
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'set-cookie', 'proxy-authorization'])
const JWT = /\beyJ[\w-]+\.[\w-]*\.[\w-]*/g

/**
 * @param digest keyed digest of a value, short and printable; handed in because `core` has no cryptography of its own.
 */
export function createMask(digest: (value: string) => string): Mask {
  const declared = new Map<string, string>()
  // Identities are the same from login to login: a document that cannot change is masked once.
  let frozen = new WeakMap<object, unknown>()
  const secret = (value: string) => (value === '' ? '' : `‹masqué ${digest(value)}›`)
  const known = (value: string) => {
    let text = value
    for (const [found, name] of declared) if (text.includes(found)) text = text.replaceAll(found, `‹${name}›`)
    return text
  }
  const param = (name: string, value: string): string => {
    const bare = known(value)
    if (bare !== value) return bare
    if (!SECRET_NAMES.has(name)) return text(bare)
    // RFC 7636 §4.1 bounds its length, which is no secret.
    if (name === 'code_verifier') return `${secret(bare)} (${bare.length} caractères)`
    // A client treats its access token as opaque, and so does the journal; an ID token is what is judged.
    return bare.startsWith('eyJ') && name !== 'access_token' ? describeToken(bare, secret) : secret(bare)
  }
  function text(value: string): string {
    const bare = known(value)
    // Most texts are short and plain; the patterns below need one of these marks.
    if (!bare.includes('=') && !bare.includes('eyJ')) return bare
    const masked = bare
      .replace(JWT, (token) => describeToken(token, secret))
      .replace(
        /([?&#;]|^)(code|access_token|id_token|refresh_token|client_secret|code_verifier|id_token_hint|session_state)=([^&#\s"'<]+)/g,
        (_, lead: string, name: string, found: string) => `${lead}${name}=${found.startsWith('‹') ? found : secret(decode(found))}`,
      )
    return masked
  }
  function json(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'object' || value === null) return value
    const before = frozen.get(value)
    if (before !== undefined) return before
    const made = Array.isArray(value) ? value.map(json) : members(value)
    if (Object.isFrozen(value)) frozen.set(value, made)
    return made
  }
  function members(value: object): unknown {
    const masked: Record<string, unknown> = {}
    for (const [name, member] of Object.entries(value)) masked[name] = typeof member === 'string' ? param(name, member) : json(member)
    return masked
  }
  // Written as loops: every exchange of every flow passes here several times.
  return {
    secret,
    text,
    json,
    params(entries) {
      const masked: Record<string, string> = {}
      for (const [name, value] of entries) masked[name] = param(name, value)
      return masked
    },
    headers(headers) {
      const masked: Record<string, string> = {}
      for (const name in headers) {
        const value = headers[name]
        if (value === undefined) continue
        const flat = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : String(value)
        masked[name] = SECRET_HEADERS.has(name.toLowerCase()) ? maskHeader(flat, secret, known) : text(flat)
      }
      return masked
    },
    declare: (name, value) => {
      if (value.length < 8) return
      declared.set(value, name)
      frozen = new WeakMap()
    },
  }
}

/** Keeps what an auditor may read of a credential header: the scheme, whose declared secret a Basic one carries, the names of cookies. */
function maskHeader(value: string, secret: (value: string) => string, known: (text: string) => string): string {
  const basic = /^Basic ([\w+/=-]+)$/i.exec(value)?.[1]
  const named = basic === undefined ? undefined : /‹[^›]+›/.exec(known(decode(unpacked(basic))))?.[0]
  if (named !== undefined) return `Basic ${named}`
  const scheme = /^(Basic|Bearer|DPoP) (.+)$/i.exec(value)
  if (scheme?.[1] && scheme[2]) return `${scheme[1]} ${secret(scheme[2])}`
  return value.replace(/(^|[;,]\s*)([\w!#$%&'*.^`|~-]+)=([^;,]+)/g, (all, lead: string, name: string) =>
    // A cookie's name and attributes tell enough; its value is nobody's business, not even as a digest.
    /^(path|domain|expires|max-age|samesite)$/i.test(name) ? all : `${lead}${name}=‹masqué›`,
  )
}

const decoder = new TextDecoder()

/** The text behind a string of bytes. */
function utf8(binary: string): string {
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return decoder.decode(bytes)
}

/** A token as a person may read it: header and payload decoded, the signature reduced to a digest. */
function describeToken(token: string, secret: (value: string) => string): string {
  const [header, payload, signature] = token.split('.')
  const open = (part: string | undefined) => {
    try {
      return utf8(atob((part ?? '').replaceAll('-', '+').replaceAll('_', '/')))
    } catch {
      return '(illisible)'
    }
  }
  const inner = open(payload).replace(
    /"(sid|session_state|jti|at_hash|c_hash)":"([^"]+)"/g,
    (_, name: string, found: string) => `"${name}":"${secret(found)}"`,
  )
  return `‹jeton ${open(header)} . ${inner} . ${signature ? secret(signature) : 'signature vide'}›`
}

/** The text of a Basic credential; empty when it is none. */
function unpacked(basic: string): string {
  try {
    return utf8(atob(basic))
  } catch {
    return ''
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
