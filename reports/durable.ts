import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { unwritable } from '#core/unwritable.ts'

/**
 * Writes a whole file so that a reader, or a process killed meanwhile, finds either the old text or the new one.
 * Throws `DISK_UNWRITABLE`; what stood at `path` is then untouched.
 */
export function writeDurably(path: string, text: string): void {
  const draft = `${path}.tmp`
  try {
    const file = openSync(draft, 'w')
    try {
      const bytes = Buffer.from(text)
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
    syncFolder(dirname(path))
  } catch (cause) {
    discard(draft)
    throw unwritable(path, cause)
  }
}

/** The rename itself is only safe once the folder is on disk; some file systems cannot sync a folder, and that is no loss. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {}
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {}
}
