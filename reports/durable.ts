import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { HarnessError } from '#core/errors.ts'

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

/** The French sentence for a disk that refuses. */
export function unwritable(path: string, cause: unknown): HarnessError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new HarnessError('DISK_UNWRITABLE', `Le fichier n'a pas pu être écrit : ${REASONS[code] ?? (code || 'cause inconnue')}.`, {
    fix: "Libérez de la place ou donnez le droit d'écrire dans ce dossier, puis relancez. Ce qui était déjà enregistré est conservé.",
    place: { file: path },
    cause,
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'le disque est plein',
  EDQUOT: "le quota d'espace disque est atteint",
  EACCES: "le droit d'écrire manque",
  EPERM: "le droit d'écrire manque",
  EROFS: 'le disque est en lecture seule',
  ENOENT: "le dossier n'existe pas",
  ENOTDIR: 'le chemin ne mène pas à un dossier',
  EISDIR: 'un dossier porte déjà ce nom',
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
