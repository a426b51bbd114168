import type { Change, Edit, Fault, Json, OpSite, Resolve } from '#core/fault.ts'
import { resolveDeep } from '#core/fault.ts'
import { encryptFor } from './encryption.ts'
import { type KeyRing, publicKeyOf } from './keys.ts'
import { type Bent, bendDocument, inert, misplaced, repeatMembers } from './pipeline.ts'
import { describeKey, honestKey, signatureOf, signWith } from './signing.ts'

type Applied = { fault: Fault<OpSite>; changes: readonly Change[] }

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json
const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Applies the faults of an ID token in the order of the pipeline: claims, header, key, compact form. Claims and header are
 * bent before the signing stage, so the result is still correctly signed by the provider's key.
 */
export function bendIdToken(compact: string, faults: readonly Fault<OpSite>[], keys: KeyRing, secret: string, resolve: Resolve): Bent<string> {
  const [head = '', body = ''] = compact.split('.')
  const claims = bendDocument(decode(body), 'id_token.claims', faults, resolve)
  const written = writePayload(claims.document, faults, resolve)
  const header = bendDocument(decode(head), 'id_token.header', faults, resolve)
  const applied: Applied[] = [...claims.applied, ...written.applied, ...header.applied]
  const honestAlg = String((decode(head) as { readonly alg: Json }).alg)
  let protectedHeader = header.document as Record<string, Json>
  let token: string | undefined
  for (const { fault, edit } of editsOf(faults, 'id_token.key')) {
    if (edit.op !== 'replace-key') throw misplaced(fault, edit)
    const before = protectedHeader
    const { kid: _, ...anonymous } = protectedHeader
    const kid = edit.kid === undefined ? protectedHeader['kid'] : edit.kid === null ? undefined : resolveDeep(edit.kid, resolve)
    const members = edit.header === undefined ? {} : (resolveDeep(edit.header, resolve) as Record<string, Json>)
    const told = edit.alg === 'agreed' ? undefined : edit.alg
    const alg = told ?? String(protectedHeader['alg'] ?? honestAlg)
    if (edit.key === 'published' && alg === honestAlg) throw inert(fault, `le jeton honnête est déjà signé en ${alg}`)
    const named = edit.key === 'published' && edit.kid === undefined ? honestKey(keys, alg).kid : kid
    protectedHeader = { ...anonymous, ...(told === undefined ? {} : { alg }), ...(named === undefined ? {} : { kid: named }), ...members }
    const input = `${encode(protectedHeader)}.${written.part}`
    token = `${input}.${signatureOf(input, edit, alg, keys, secret)}`
    applied.push({
      fault,
      changes: [
        ...(JSON.stringify(before) === JSON.stringify(protectedHeader) ? [] : [{ path: 'en-tête', before, after: protectedHeader }]),
        { path: 'clé de signature', before: `clé publiée ${honestKey(keys, honestAlg).kid}`, after: describeKey(edit, alg) },
      ],
    })
  }
  const input = `${encode(protectedHeader)}.${written.part}`
  const honest = applied.length === 0 ? compact : `${input}.${signWith(input, honestKey(keys, honestAlg), honestAlg)}`
  return bendCompact({ document: token ?? honest, applied }, faults, keys)
}

/** The payload as text: claims that stand twice, or no JSON at all, need more than a document. */
function writePayload(claims: Json, faults: readonly Fault<OpSite>[], resolve: Resolve): { readonly part: string; readonly applied: Applied[] } {
  const twice = repeatMembers(JSON.stringify(claims), 'id_token.claims', faults, resolve)
  let bytes = Buffer.from(twice.document)
  const applied: Applied[] = [...twice.applied]
  for (const { fault, edit } of editsOf(faults, 'id_token.claims')) {
    if (edit.op !== 'payload') continue
    bytes = Buffer.from(edit.text, 'latin1')
    applied.push({ fault, changes: [{ path: 'contenu', before: 'les revendications', after: edit.text }] })
  }
  return { part: bytes.toString('base64url'), applied }
}

/** What is done to the token once it is signed. */
function bendCompact(signed: Bent<string>, faults: readonly Fault<OpSite>[], keys: KeyRing): Bent<string> {
  let result = signed.document
  const applied = [...signed.applied]
  for (const { fault, edit } of editsOf(faults, 'id_token.compact')) {
    const before = result
    const change = { path: 'jeton', before: 'forme compacte à trois parties', after: edit.op === 'rewrite' ? edit.template : edit.op }
    if (edit.op === 'rewrite') {
      const [header = '', payload = '', signature = ''] = result.split('.')
      result = edit.template.replaceAll('{header}', header).replaceAll('{payload}', payload).replaceAll('{signature}', signature)
    } else if (edit.op === 'encrypt') result = encryptFor(publicKeyOf(keys.keys[0]), result, keys.keys[0].kid)
    else if (edit.op === 'flip-bit') {
      const flipped = flipSignatureBit(result, edit.bit)
      if (!flipped) throw misplaced(fault, edit)
      result = flipped.token
      applied.push({ fault, changes: [flipped.change] })
      continue
    } else throw misplaced(fault, edit)
    if (result === before) throw inert(fault, 'la forme du jeton resterait la même')
    applied.push({ fault, changes: [change] })
  }
  return { document: result, applied }
}

function editsOf(faults: readonly Fault<OpSite>[], site: OpSite): { readonly fault: Fault<OpSite>; readonly edit: Edit }[] {
  return faults.filter((fault) => fault.site === site).flatMap((fault) => fault.edits.map((edit) => ({ fault, edit })))
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
