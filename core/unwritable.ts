import { HarnessError } from './errors.ts'

/**
 * The French sentence for a disk that refuses, from the error of the system.
 * @example try { writeFileSync(path, text) } catch (cause) { throw unwritable(path, cause) }
 */
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
  EEXIST: 'un fichier porte déjà ce nom',
}
