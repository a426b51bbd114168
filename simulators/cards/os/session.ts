import { ALWAYS, conditionOf, type Face, NEVER, type Rules } from './access.ts'
import type { SecretCode } from './codes.ts'
import type { CardKey, DedicatedFile, ElementaryFile, FileSystem } from './files.ts'

/** A template of the security environment: which algorithm and key the next operation of its kind uses. */
export interface Template {
  readonly algorithm?: number
  readonly key?: number
}

/** What a chip keeps without power. */
export interface Chip {
  readonly files: FileSystem
  /** Number of a security environment → the code whose presentation it asks for. */
  readonly environments: ReadonlyMap<number, SecretCode>
  /** So many random bytes. */
  readonly random: (length: number) => Uint8Array
}

/** What lives on one logical channel as long as the card has power. */
export interface Session {
  readonly chip: Chip
  readonly face: Face
  directory: DedicatedFile
  file: ElementaryFile | undefined
  /** Codes that were presented. */
  readonly verified: Set<SecretCode>
  /** Templates of the security environment by their tag (A4 authentication, AA hash, B6 signature, B8 confidentiality). */
  readonly environment: Map<number, Template>
  /** What PSO HASH left for the signature. */
  digest: { readonly algorithm: 'sha1' | 'sha256'; readonly value: Uint8Array } | undefined
}

export function openSession(chip: Chip, face: Face): Session {
  return { chip, face, directory: chip.files.root, file: undefined, verified: new Set(), environment: new Map(), digest: undefined }
}

/** May the operation of access-mode bit `bit` be done now, on this face? Default: no. */
export function allowed(session: Session, rules: Rules, bit: number): boolean {
  const condition = conditionOf(rules, session.face, bit)
  if (condition === ALWAYS) return true
  if (condition === NEVER || (condition & 0xf0) !== 0x10) return false
  const code = session.chip.environments.get(condition & 0x0f)
  return code !== undefined && session.verified.has(code)
}

/** Another directory: the security environment belongs to the one before. */
export function enter(session: Session, directory: DedicatedFile): void {
  if (session.directory !== directory) {
    session.environment.clear()
    session.digest = undefined
  }
  session.directory = directory
  session.file = undefined
}

/** The code of this reference in the directory or in the master file (bit 0x80 of a reference says "local"). */
export function codeOf({ directory, chip }: Session, reference: number): SecretCode | undefined {
  return [...(directory.codes ?? []), ...(chip.files.root.codes ?? [])].find((code) => code.reference === (reference & 0x1f))
}

/** The key of this reference in the directory or in the master file. */
export function keyOf({ directory, chip }: Session, reference: number): CardKey | undefined {
  return [...(directory.keys ?? []), ...(chip.files.root.keys ?? [])].find((key) => key.reference === (reference & 0x1f))
}
