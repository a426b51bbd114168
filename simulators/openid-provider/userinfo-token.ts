import { sign } from 'node:crypto'
import type { Edit, Fault, Json, OpSite, Resolve } from '#core/fault.ts'
import type { KeyRing } from './keys.ts'
import type { Bent } from './pipeline.ts'

const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The userinfo as a JWT: honest but for what the edit says. */
export function signUserinfo(document: Json, fault: Fault<OpSite>, keys: KeyRing, resolve: Resolve): Bent<string> {
  const edit = fault.edits.find((one): one is Extract<Edit, { op: 'sign' }> => one.op === 'sign')
  if (!edit) return { document: JSON.stringify(document), applied: [] }
  const [own] = keys.keys
  const alg = edit.key === 'nothing' ? 'none' : 'RS256'
  const claims = { iss: resolve({ ref: 'own-issuer' }), aud: resolve({ ref: 'own-client' }), ...(document as Record<string, Json>) }
  const input = `${encode({ alg, kid: own.kid })}.${encode(claims)}`
  const key = edit.key === 'foreign' ? keys.foreign('RS256') : own
  const signature = edit.key === 'nothing' ? Buffer.alloc(0) : sign('sha256', Buffer.from(input), key.privateKey)
  if (edit.altered && signature[0] !== undefined) signature[0] ^= 32
  const how = { own: 'par la clé publiée', foreign: 'par une clé étrangère', nothing: 'par rien' }[edit.key]
  const change = { path: 'forme', before: 'JSON', after: `jeton signé ${how}${edit.altered ? ', un bit de la signature inversé' : ''}` }
  return { document: `${input}.${signature.toString('base64url')}`, applied: [{ fault, changes: [change] }] }
}
