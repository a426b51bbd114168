import type { Edit, Fault, Json, OpSite, Symbolic } from '#core/fault.ts'

/**
 * The misbehaviours that the provider knows by name stand in the files of this folder, by the document that they bend. Each is one
 * deviation; everything else stays honest (a wrong audience is still correctly signed). A new one is one function there.
 */
export function fault(id: string, site: OpSite, title: string, ...edits: Edit[]): Fault<OpSite> {
  return { id, title, site, edits }
}

export const set = (path: string, value: Json | Symbolic): Edit => ({ op: 'set', path, value })
export const add = (path: string, value: Json | Symbolic): Edit => ({ op: 'add', path, value })
export const remove = (path: string): Edit => ({ op: 'remove', path })
