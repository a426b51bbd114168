import type { Application, CardFile, Chip } from './state.ts'

/** Whether anything waits to be committed. */
export function isPending(application: Application): boolean {
  return [...application.files.values()].some((file) => file.kind !== 'standard' && file.pending !== undefined)
}

/** Makes all that is pending in the selected application last, in one step. */
export function commit(application: Application): void {
  for (const file of application.files.values()) commitFile(file)
}

/** Forgets all that is pending anywhere: the field went, another application was selected, or a command failed. */
export function abort(chip: Chip): void {
  for (const file of chip.selected.files.values()) if (file.kind !== 'standard') file.pending = undefined
}

function commitFile(file: CardFile): void {
  if (file.kind === 'value') {
    const { pending } = file
    // What this transaction took away is what the next ones may give back.
    if (pending) file.committed = { value: pending.value, limit: pending.taken > 0 ? pending.taken : pending.limit, taken: 0 }
  } else if (file.kind === 'linear' || file.kind === 'cyclic') {
    const { pending } = file
    if (pending) {
      const kept = pending.cleared ? [] : file.records
      const all = pending.added ? [...kept, pending.added] : kept
      // A cyclic file keeps one record free for the next one (the oldest goes).
      file.records = file.kind === 'cyclic' ? all.slice(-(file.maximum - 1)) : all
    }
  } else if (file.kind === 'backup' && file.pending) file.data = file.pending
  if (file.kind !== 'standard') file.pending = undefined
}
