import type { KeyObject } from 'node:crypto'
import { type Rules, writeRules } from './access.ts'
import { equal, readU16, u16 } from './bytes.ts'
import type { SecretCode } from './codes.ts'
import { tlv } from './tlv.ts'

/** A transparent file. */
export interface ElementaryFile {
  readonly kind: 'ef'
  readonly fid: number
  /** Short identifier, 1 to 30. */
  readonly sfi?: number
  readonly rules: Rules
  /** Its bytes; UPDATE BINARY writes here. */
  readonly content: Uint8Array
}

/** A private key of a card. */
export interface CardKey {
  /** 1 to 31; commands add the bit 0x80 of a local reference. */
  readonly reference: number
  readonly rules: Rules
  readonly key: KeyObject
  readonly modulusBytes: number
}

/** A directory: files, and the secrets that live in it. */
export interface DedicatedFile {
  readonly kind: 'df'
  readonly fid: number
  /** Application identifier. */
  readonly name?: Uint8Array
  readonly rules: Rules
  readonly files: readonly CardFile[]
  readonly codes?: readonly SecretCode[]
  readonly keys?: readonly CardKey[]
}

export type CardFile = ElementaryFile | DedicatedFile

export const MASTER_FILE = 0x3f00
/** Shortest application identifier that may be selected by its beginning (ISO/IEC 7816-4 §7.1.1 allows to cut it on the right). */
const SHORTEST_NAME = 5

/** A tree of files, and the ways to find one. */
export interface FileSystem {
  readonly root: DedicatedFile
  parentOf(file: CardFile): DedicatedFile
  child(directory: DedicatedFile, fid: number): CardFile | undefined
  /** Along identifiers of two bytes each, from `from`; undefined when one of them is not there or the path is cut. */
  byPath(from: DedicatedFile, path: Uint8Array): CardFile | undefined
  byName(name: Uint8Array): DedicatedFile | undefined
  bySfi(directory: DedicatedFile, sfi: number): ElementaryFile | undefined
}

export function createFileSystem(root: DedicatedFile): FileSystem {
  const parents = new Map<CardFile, DedicatedFile>()
  const named: DedicatedFile[] = []
  const visit = (directory: DedicatedFile) => {
    if (directory.name) named.push(directory)
    for (const file of directory.files) {
      parents.set(file, directory)
      if (file.kind === 'df') visit(file)
    }
  }
  visit(root)
  const child = (directory: DedicatedFile, fid: number) => directory.files.find((file) => file.fid === fid)
  return {
    root,
    parentOf: (file) => parents.get(file) ?? root,
    child,
    byPath(from, path) {
      let found: CardFile | undefined = from
      for (let at = 0; at < path.length; at += 2) {
        const fid = readU16(path.slice(at, at + 2))
        found = found?.kind === 'df' && fid >= 0 ? child(found, fid) : undefined
      }
      return found
    },
    byName: (name) => (name.length < SHORTEST_NAME ? undefined : named.find((one) => one.name && equal(one.name.slice(0, name.length), name))),
    bySfi: (directory, sfi) =>
      [...directory.files, ...root.files].find((file): file is ElementaryFile => file.kind === 'ef' && sfi > 0 && file.sfi === sfi),
  }
}

/** What SELECT tells of a file (ISO/IEC 7816-4 §5.3.3, tags 80, 82, 83, 84, 88, A1, 8A), in template 62 (FCP) or 6F (FCI). */
export function describeFile(file: CardFile, template: 0x62 | 0x6f): Uint8Array {
  const nothing = new Uint8Array()
  return tlv(
    template,
    file.kind === 'ef' ? tlv(0x80, u16(file.content.length)) : nothing,
    tlv(0x82, Uint8Array.of(file.kind === 'ef' ? 0x01 : 0x38)),
    tlv(0x83, u16(file.fid)),
    file.kind === 'df' && file.name ? tlv(0x84, file.name) : nothing,
    file.kind === 'ef' && file.sfi ? tlv(0x88, Uint8Array.of(file.sfi << 3)) : nothing,
    tlv(0xa1, writeRules(file.rules)),
    tlv(0x8a, Uint8Array.of(0x05)),
  )
}
