import { constants, createHmac, sign } from 'node:crypto'
import { HarnessError } from '#core/errors.ts'
import { applyEdits, type Change, type Edit, type Fault, isSymbolic, type Json, type OpSite, type Resolve } from '#core/fault.ts'
import type { KeyRing, SigningKey } from './keys.ts'

/** What happened to one answer: the faulty document and, by fault, what changed. */
export interface Bent<Document> {
  readonly document: Document
  readonly applied: readonly { readonly fault: Fault<OpSite>; readonly changes: readonly Change[] }[]
}

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json
const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Applies the document faults of one site, in order. */
export function bendDocument(document: Json, site: OpSite, faults: readonly Fault<OpSite>[], resolve: Resolve): Bent<Json> {
  let current = document
  const applied: { fault: Fault<OpSite>; changes: readonly Change[] }[] = []
  for (const fault of faults) {
    if (fault.site !== site) continue
    const result = applyEdits(current, fault, resolve)
    if (result.changes.length === 0) continue
    current = result.document
    applied.push({ fault, changes: result.changes })
  }
  return { document: current, applied }
}

type Repeat = Extract<Edit, { op: 'repeat' }>

/** The `repeat` edits of one site, their values resolved. */
function repeats(site: OpSite, faults: readonly Fault<OpSite>[], resolve: Resolve, honest: (path: string) => Json | undefined) {
  return faults
    .filter((fault) => fault.site === site)
    .flatMap((fault) => fault.edits.filter((edit): edit is Repeat => edit.op === 'repeat').map((edit) => ({ fault, edit })))
    .map(({ fault, edit }) => {
      const before = honest(edit.path)
      if (before === undefined) throw misplaced(fault, edit)
      const value = edit.value === undefined ? before : isSymbolic(edit.value) ? resolve(edit.value) : edit.value
      const change: Change = { path: edit.path, before, after: edit.before ? [value, before] : [before, value] }
      return { fault, edit, value, change }
    })
}

/** A JSON object whose member stands twice, which no parsed document can be: the text itself is bent. */
export function repeatMembers(text: string, site: OpSite, faults: readonly Fault<OpSite>[], resolve: Resolve): Bent<string> {
  let current = text
  const document = JSON.parse(text) as Record<string, Json>
  const found = repeats(site, faults, resolve, (path) => document[path])
  for (const { edit, value } of found) {
    const member = `${JSON.stringify(edit.path)}:${JSON.stringify(value)}`
    current = edit.before ? `{${member},${current.slice(1)}` : `${current.slice(0, -1)},${member}}`
  }
  return { document: current, applied: found.map(({ fault, change }) => ({ fault, changes: [change] })) }
}

/** Adds parameters that stand twice to `query`. */
export function repeatParameters(query: URLSearchParams, faults: readonly Fault<OpSite>[], resolve: Resolve): Bent<Json>['applied'] {
  const found = repeats('authorization.response', faults, resolve, (path) => query.get(path) ?? undefined)
  for (const { edit, change } of found) {
    query.delete(edit.path)
    for (const one of change.after as Json[]) query.append(edit.path, String(one))
  }
  return found.map(({ fault, change }) => ({ fault, changes: [change] }))
}

/**
 * Applies the faults of an ID token in the order of the pipeline: claims, header, key, compact form. Claims and header are
 * bent before the signing stage, so the result is still correctly signed by the provider's key.
 */
export function bendIdToken(compact: string, faults: readonly Fault<OpSite>[], keys: KeyRing, secret: string, resolve: Resolve): Bent<string> {
  const [head = '', body = ''] = compact.split('.')
  const claims = bendDocument(decode(body), 'id_token.claims', faults, resolve)
  const header = bendDocument(decode(head), 'id_token.header', faults, resolve)
  const applied = [...claims.applied, ...header.applied]
  let protectedHeader = header.document as Record<string, Json>
  const replacement = faults.filter((fault) => fault.site === 'id_token.key').flatMap((fault) => fault.edits.map((edit) => ({ fault, edit })))
  let token: string | undefined
  for (const { fault, edit } of replacement) {
    if (edit.op !== 'replace-key') throw misplaced(fault, edit)
    const before = protectedHeader
    protectedHeader = {
      ...protectedHeader,
      alg: edit.alg === 'agreed' ? (before['alg'] ?? 'RS256') : edit.alg,
      ...(edit.kid ? { kid: edit.kid } : {}),
    }
    token = signWith(protectedHeader, claims.document, edit, keys, secret)
    applied.push({
      fault,
      changes: [
        ...(JSON.stringify(before) === JSON.stringify(protectedHeader) ? [] : [{ path: 'en-tête', before: before, after: protectedHeader }]),
        { path: 'clé de signature', before: `clé publiée ${keyOf(before, keys).kid}`, after: describeKey(edit.key) },
      ],
    })
  }
  let result: string =
    token ?? (applied.length === 0 ? compact : honest(protectedHeader, claims.document, keyOf(decode(head) as Record<string, Json>, keys)))
  for (const fault of faults.filter(({ site }) => site === 'id_token.compact')) {
    for (const edit of fault.edits) {
      if (edit.op !== 'flip-bit') throw misplaced(fault, edit)
      const flipped = flipSignatureBit(result, edit.bit)
      if (!flipped) throw misplaced(fault, edit)
      result = flipped.token
      applied.push({ fault, changes: [flipped.change] })
    }
  }
  return { document: result, applied }
}

function flipSignatureBit(token: string, bit: number): { token: string; change: Change } | undefined {
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const index = bit >> 3
  const before = bytes[index]
  if (before === undefined) return undefined
  const after = before ^ (1 << (bit & 7))
  bytes[index] = after
  return { token: `${header}.${payload}.${bytes.toString('base64url')}`, change: { path: `signature, octet ${index}`, before, after } }
}

/** The published key that the engine signed with. */
function keyOf(header: Readonly<Record<string, Json>>, { keys }: KeyRing): SigningKey {
  return keys.find(({ kid }) => kid === header['kid']) ?? keys[0]
}

function honest(header: Json, claims: Json, key: SigningKey): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signature(input, key)}`
}

/** RFC 7518 §3.3 to §3.5. */
function signature(input: string, { alg, privateKey }: SigningKey): string {
  const options =
    alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}
  return sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), { key: privateKey, ...options }).toString('base64url')
}

function signWith(
  header: Readonly<Record<string, Json>>,
  claims: Json,
  edit: Extract<Edit, { op: 'replace-key' }>,
  keys: KeyRing,
  secret: string,
): string {
  const input = `${encode(header)}.${encode(claims)}`
  switch (edit.key) {
    case 'none':
      return `${input}.`
    case 'foreign':
      return `${input}.${signature(input, keys.foreign(String(header['alg'])))}`
    case 'client-secret':
      if (secret === '') {
        throw new HarnessError('FAULT_UNRESOLVED', "Le client du produit n'a pas de secret : un jeton HS256 ne peut pas être fabriqué.", {
          fix: 'Déclarez ce module sans objet pour cette méthode d’authentification.',
        })
      }
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    case 'public-key-as-secret':
      return `${input}.${createHmac('sha256', keys.publicPem).update(input).digest('base64url')}`
  }
}

function describeKey(key: Extract<Edit, { op: 'replace-key' }>['key']): string {
  return {
    none: 'aucune',
    foreign: 'une clé que le fournisseur ne publie pas',
    'client-secret': 'le secret du client (HMAC)',
    'public-key-as-secret': 'la clé publique du fournisseur, au format PEM, prise comme secret (HMAC)',
  }[key]
}

function misplaced(fault: Fault, edit: Edit): HarnessError {
  return new HarnessError('FAULT_INERT', `L'anomalie « ${fault.id} » demande « ${edit.op} » à l'endroit « ${fault.site} », où cela n'a pas d'effet.`)
}
