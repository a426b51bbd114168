import { HarnessError } from '#core/errors.ts'
import { applyEdits, type Change, type Edit, type Fault, type Json, type OpSite, type Resolve, resolveDeep } from '#core/fault.ts'

/** What happened to one answer: the faulty document and, by fault, what changed. */
export interface Bent<Document> {
  readonly document: Document
  readonly applied: readonly { readonly fault: Fault<OpSite>; readonly changes: readonly Change[] }[]
}

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
      const value = edit.value === undefined ? before : resolveDeep(edit.value, resolve)
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

export function inert(fault: Fault, why: string): HarnessError {
  return new HarnessError('FAULT_INERT', `L'anomalie « ${fault.id} » n'aurait rien changé : ${why}.`)
}

export function misplaced(fault: Fault, edit: Edit): HarnessError {
  return new HarnessError('FAULT_INERT', `L'anomalie « ${fault.id} » demande « ${edit.op} » à l'endroit « ${fault.site} », où cela n'a pas d'effet.`)
}
