import { HarnessError } from './errors.ts'

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Where, in the pipeline of the OpenID provider, something may be bent; in the order of the pipeline. */
export const OP_SITES = [
  'discovery',
  'jwks',
  'authorization.request',
  'authorization.response',
  'id_token.claims',
  'id_token.header',
  'id_token.key',
  'id_token.compact',
  'token.response',
  'userinfo',
  'logout',
  'logout_token.claims',
  'logout_token.header',
  'logout_token.key',
  'logout_token.compact',
  'ciba',
  'http',
  'tls',
] as const
export type OpSite = (typeof OP_SITES)[number]

/**
 * Where a card, or what vouches for it, may be bent: what is made once, then each exchange. A `card.command` fault acts before the card
 * carries the command out, a `card.response` fault afterwards.
 */
export const CARD_SITES = [
  'card.presence',
  'card.atr',
  'card.uid',
  'card.key',
  'card.certificate',
  'card.revocation',
  'card.pin',
  'card.command',
  'card.response',
] as const
export type CardSite = (typeof CARD_SITES)[number]

/**
 * A value that is only known at run time; resolved by the simulator and recorded as resolved.
 * `now` is an offset in seconds. `ref` names: `other-client`, `previous-nonce`, `fresh` (a random string), `own-client`.
 * `fill` is a text with places to fill in: `{issuer}`, `{client}`, `{subject}`, `{flow}`, `{probe}` (an address of ours that nobody should call),
 * `{probe-http}` (the same without TLS).
 */
export type Symbolic = { readonly ref: string } | { readonly now: number } | { readonly fill: string }

/**
 * Which key signs instead of the honest one. `published`: the provider's own for that algorithm, so that only the algorithm is unexpected.
 * `foreign`: one that it never publishes (`weak-…`: too weak to be trusted). `next`: the one that a rotation brings in. `none` leaves the
 * signature empty; `client-secret` and `public-key-as-secret` are HMACs, the latter in one of the `Spelling`s of the public key, `text` an
 * HMAC keyed with a text that the attacker knows.
 */
export type ReplacementKey =
  | 'foreign'
  | 'published'
  | 'next'
  | 'weak-1024'
  | 'weak-exponent-1'
  | 'weak-exponent-3'
  | 'client-secret'
  | 'public-key-as-secret'
  | 'text'
  | 'none'

/** Ways to write a public RSA key, or a part of it, as the bytes of a secret. */
export type Spelling =
  | `${'spki' | 'pkcs1'}-${'pem' | 'pem-crlf' | 'pem-without-last-line-feed' | 'pem-on-one-line' | 'base64-lines' | 'base64' | 'der'}`
  | 'jwk'
  | 'n'
  | 'e'
  | 'kty'
  | 'alg'

/** One deviation. `path` is dotted (`SubjectRefPro.exercices.0.codeProfession`); an empty path is the whole document. */
export type Edit =
  | { readonly op: 'set'; readonly path: string; readonly value: Json | Symbolic }
  | { readonly op: 'add'; readonly path: string; readonly value: Json | Symbolic }
  | { readonly op: 'remove'; readonly path: string }
  /** Signs again. `alg` is that of the honest token unless told (`agreed` says so); a `kid` of null is left out; `header` members are set beside. */
  | {
      readonly op: 'replace-key'
      readonly path: ''
      readonly key: ReplacementKey
      readonly alg?: string | 'agreed'
      readonly kid?: string | Symbolic | null
      readonly header?: { readonly [member: string]: Json }
      readonly spelling?: Spelling
      readonly secret?: string
    }
  /** ID token claims: the payload is this text (`latin1`, so that it may be no UTF-8) instead; it is signed as it stands. */
  | { readonly op: 'payload'; readonly path: ''; readonly text: string }
  /** ID token in compact form: written anew from its parts `{header}`, `{payload}`, `{signature}`. */
  | { readonly op: 'rewrite'; readonly path: ''; readonly template: string }
  /** ID token in compact form: encrypted in an old way (RFC 7518 §4.2), for the provider's own key. */
  | { readonly op: 'encrypt'; readonly path: ''; readonly alg: 'RSA1_5' }
  | { readonly op: 'flip-bit'; readonly path: string; readonly bit: number }
  | { readonly op: 'drop'; readonly path: '' }
  /** The browser is sent on to the authorization endpoint of the other provider, as a request of the product's client there. */
  | { readonly op: 'forward'; readonly path: '' }
  /** The answer of endpoint `on` waits; without `milliseconds`, until the client hangs up. */
  | { readonly op: 'delay'; readonly path: ''; readonly milliseconds?: number; readonly on: string }
  /** The member or parameter stands twice: with the same value, or with another one `before` or after the honest one. */
  | { readonly op: 'repeat'; readonly path: string; readonly value?: Json | Symbolic; readonly before?: true }
  /** UserInfo: the document is handed over as a JWT (with the provider's iss and the client as aud, unless it has its own). */
  | { readonly op: 'sign'; readonly path: ''; readonly key: 'own' | 'foreign' | 'nothing'; readonly altered?: true }
  /** The certificate that the back channel's host presents. */
  | { readonly op: 'certificate'; readonly path: ''; readonly flaw: CertificateFlaw }
  /** The only version of TLS that it still speaks. */
  | { readonly op: 'protocol'; readonly path: ''; readonly version: 'TLSv1' | 'TLSv1.1' }
  | Answer

/** What may be wrong with a server's certificate; everything else about it is honest. */
export type CertificateFlaw = 'self-signed' | 'unknown-authority' | 'other-name' | 'expired' | 'not-yet-valid'

/**
 * The HTTP answer of endpoint `on` (without it, of every endpoint of the back channel). What is absent stays honest; a `status` alone
 * empties the body.
 * @example { op: 'answer', path: '', on: 'token', status: 503, headers: { 'retry-after': '1' } }
 */
export interface Answer {
  readonly op: 'answer'
  readonly path: ''
  readonly on?: string
  readonly status?: number
  /** Replaces the body. */
  readonly body?: string
  /** Keeps the honest body beside a faulty status. */
  readonly keepsBody?: true
  /** Set, or taken away when empty. `{trap}` stands for an address on another host that only listens. */
  readonly headers?: Readonly<Record<string, string>>
  /** How the body is written: really compressed, only said to be, or in another character set than JSON's. */
  readonly coding?: 'gzip' | 'gzip-announced' | 'utf-16' | 'byte-order-mark'
  /** The connection is cut in the middle of the body, announced by its length or in chunks, or before the first byte. */
  readonly cut?: 'length' | 'chunks' | 'start'
  /** Bytes of white space that follow the body, streamed. */
  readonly padding?: number
  /** Milliseconds between two bytes of a body that never ends. */
  readonly drip?: number
}

/**
 * One exchange of a card, counted from 1 among those of instruction `on` (two hexadecimal digits; all instructions without it), or
 * `times` of them from `nth` on (every one from there without it).
 * @example { op: 'exchange', path: '', on: '88', nth: 1, times: 1, status: '6F00' }
 */
export interface CardExchange {
  readonly op: 'exchange'
  readonly path: ''
  readonly on?: string
  readonly nth?: number
  readonly times?: number
  /** This status word alone, in hexadecimal. */
  readonly status?: string
  /** Only so many bytes of the answer; 0 is a card that says nothing. */
  readonly length?: number
  /** The answer that an earlier command of this instruction got. */
  readonly replay?: true
  /** This bit of the answer is turned over. */
  readonly flip?: number
  /** Milliseconds that the answer waits. */
  readonly delay?: number
  /** The card is out of the reader from here on. */
  readonly removed?: true
}

/**
 * A misbehaviour as a value: named, plain JSON, equal to what the report prints and what a replay reads.
 * @example { id: 'id_token.wrong-audience', title: "L'audience est celle d'un autre client", site: 'id_token.claims',
 *            edits: [{ op: 'set', path: 'aud', value: { ref: 'other-client' } }] }
 */
export interface Fault<Site extends string = string, Deviation = Edit> {
  readonly id: string
  /** French, one line: what the simulator does. */
  readonly title: string
  readonly site: Site
  readonly edits: readonly Deviation[]
  /** Bends only the answer to the n-th poll of a CIBA request, from 1. */
  readonly poll?: number
  /** Bends only the token answers of this grant. */
  readonly grant?: 'authorization_code' | 'refresh_token' | 'urn:openid:params:grant-type:ciba'
  /** Logins of the scene, from 1, during which it holds; all of them unless told. */
  readonly during?: readonly number[]
}

/** A misbehaviour of a card, or of what vouches for it. */
export type CardFault = Fault<CardSite, Edit | CardExchange>

/** Faults by actor; `op` is the OpenID provider's simulator, `hostile` the second provider's. */
export interface Faults {
  readonly op?: readonly Fault<OpSite>[]
  readonly hostile?: readonly Fault<OpSite>[]
}

/** The faults of all actors. */
export function allFaults(faults: Faults | undefined): readonly Fault<OpSite>[] {
  return [...(faults?.op ?? []), ...(faults?.hostile ?? [])]
}

/** One deviation as it was applied: symbolic values resolved, honest and faulty value beside each other. */
export interface Change {
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** What resolves symbolic values. Throws `FAULT_UNRESOLVED` for a name it does not know. */
export type Resolve = (symbol: Symbolic) => Json

/** Faults on different paths combine in any order; two on one path of one site are a contradiction. */
export function compose<Site extends string, Deviation extends Edit | CardExchange = Edit>(
  ...faults: readonly Fault<Site, Deviation>[]
): readonly Fault<Site, Deviation>[] {
  const seen = new Map<string, string>()
  for (const fault of faults) {
    for (const edit of fault.edits) {
      const place = `${fault.site}:${'on' in edit && edit.on ? edit.on : edit.path}${fault.during ? `@${fault.during}` : ''}`
      const other = seen.get(place)
      if (other !== undefined && other !== fault.id) {
        throw new HarnessError('FAULT_CONFLICT', `Les anomalies « ${other} » et « ${fault.id} » portent sur le même endroit (${place}).`, {
          fix: "N'en gardez qu'une dans le module.",
        })
      }
      seen.set(place, fault.id)
    }
  }
  return [...faults].sort((a, b) => siteOrder(a.site) - siteOrder(b.site) || a.id.localeCompare(b.id))
}

function siteOrder(site: string): number {
  return ([...OP_SITES, ...CARD_SITES] as readonly string[]).indexOf(site)
}

export function isSymbolic(value: Json | Symbolic): value is Symbolic {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length !== 1) return false
  return 'ref' in value || 'now' in value || 'fill' in value
}

/** A value with every symbol in it resolved, at any depth. */
export function resolveDeep(value: Json | Symbolic, resolve: Resolve): Json {
  if (isSymbolic(value)) return resolve(value)
  if (Array.isArray(value)) return value.map((member) => resolveDeep(member, resolve))
  if (typeof value !== 'object' || value === null) return value as Json
  return Object.fromEntries(Object.entries(value as { readonly [key: string]: Json }).map(([name, member]) => [name, resolveDeep(member, resolve)]))
}

/**
 * Applies the document edits (`set`, `add`, `remove`) of a fault to a copy of `document`. Never inert: setting or removing
 * what is not there, and adding what is already there, is `FAULT_INERT`; so is a `set` that changes nothing.
 * Edits of transport and keys are left to the simulator.
 */
export function applyEdits(
  document: Json,
  fault: Fault<string, Edit | CardExchange>,
  resolve: Resolve,
): { readonly document: Json; readonly changes: readonly Change[] } {
  let current = document
  const changes: Change[] = []
  for (const edit of fault.edits) {
    if (edit.op !== 'set' && edit.op !== 'add' && edit.op !== 'remove') continue
    const before = read(current, edit.path)
    if (edit.op === 'add' ? before !== undefined : before === undefined) throw inert(fault, edit.path, before)
    const after = edit.op === 'remove' ? undefined : resolveDeep(edit.value, resolve)
    if (JSON.stringify(before) === JSON.stringify(after)) throw inert(fault, edit.path, before)
    current = write(current, edit.path.split('.'), after)
    changes.push({ path: edit.path, before, after })
  }
  return { document: current, changes }
}

function inert(fault: { readonly id: string }, path: string, before: Json | undefined): HarnessError {
  return new HarnessError(
    'FAULT_INERT',
    `L'anomalie « ${fault.id} » n'aurait rien changé : « ${path} » vaut ${before === undefined ? '(absent)' : JSON.stringify(before)}.`,
    { fix: "Corrigez l'anomalie ou la réponse honnête du simulateur ; une anomalie sans effet ne prouve rien." },
  )
}

/** The value at a dotted path, or undefined. */
export function read(document: Json, path: string): Json | undefined {
  if (path === '') return document
  let value: Json | undefined = document
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as { readonly [key: string]: Json })[key]
  }
  return value
}

function write(document: Json, keys: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = keys
  if (key === undefined) return value ?? null
  if (Array.isArray(document)) {
    const copy = [...(document as readonly Json[])]
    if (rest.length === 0 && value === undefined) copy.splice(Number(key), 1)
    else copy[Number(key)] = write(copy[Number(key)] ?? null, rest, value)
    return copy
  }
  const copy: Record<string, Json> = typeof document === 'object' && document !== null ? { ...(document as Record<string, Json>) } : {}
  if (rest.length === 0) {
    if (value === undefined) delete copy[key]
    else copy[key] = value
  } else copy[key] = write(copy[key] ?? {}, rest, value)
  return copy
}
