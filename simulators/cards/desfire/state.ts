import { type BlockCipher, blockCipher } from '#simulators/kms/cipher.ts'
import type { SessionKeys } from '#simulators/kms/three-pass.ts'
import type { Channel, CommunicationMode } from './messaging/channel.ts'

/** Cipher of all keys of an application (bits 7 and 6 of its second key settings). `des` covers one and two keys of DES. */
export type KeyFamily = 'des' | '3tdea' | 'aes'

/** A key of the card. A DES key has 16 bytes; with equal halves it is a single one. */
export interface CardKey {
  readonly family: KeyFamily
  readonly bytes: Buffer
  /** For AES a byte of its own; for DES the lowest bits of the first eight bytes. */
  readonly version: number
  readonly cipher: BlockCipher
}

/** Access rights of a file: numbers of keys, 14 for everybody, 15 for nobody. */
export interface AccessRights {
  readonly read: number
  readonly write: number
  readonly readWrite: number
  readonly change: number
}

interface FileBase {
  mode: CommunicationMode
  access: AccessRights
  readonly isoId: number | undefined
}

/** What is pending in a transaction is kept apart and replaces what is committed in one step, or is dropped. */
export interface DataFile extends FileBase {
  readonly kind: 'standard' | 'backup'
  data: Buffer
  pending: Buffer | undefined
}

export interface ValueFile extends FileBase {
  readonly kind: 'value'
  readonly lower: number
  readonly upper: number
  /** Bit 0: limited credit allowed; bit 1: the value is read by everybody. */
  readonly options: number
  committed: ValueState
  pending: ValueState | undefined
}

export interface ValueState {
  readonly value: number
  /** What the last transaction took away and a limited credit may bring back once. */
  readonly limit: number
  /** Taken away in the transaction that is open. */
  readonly taken: number
}

export interface RecordFile extends FileBase {
  readonly kind: 'linear' | 'cyclic'
  readonly recordSize: number
  readonly maximum: number
  /** Oldest first. */
  records: readonly Buffer[]
  pending: { readonly cleared: boolean; readonly added: Buffer | undefined } | undefined
}

export type CardFile = DataFile | ValueFile | RecordFile

export interface Application {
  /** 24 bits; 0 is the card itself. */
  readonly aid: number
  /** First key settings: bit 0 master key changeable, 1 free listing, 2 free create and delete, 3 settings changeable, 4-7 who changes keys. */
  settings: number
  family: KeyFamily
  readonly keys: CardKey[]
  readonly files: Map<number, CardFile>
  readonly isoId: number | undefined
  readonly dfName: Buffer | undefined
}

/** All of a card. What `session` holds dies with the field, and so does what files hold as pending. */
export interface Chip {
  readonly uid: Buffer
  readonly generation: 'EV1' | 'EV2' | 'EV3'
  readonly random: (length: number) => Uint8Array
  /** Bytes of user memory. */
  readonly memory: number
  readonly applications: Map<number, Application>
  readonly picc: Application
  selected: Application
  session: Session | undefined
  randomUid: boolean
  formatAllowed: boolean
  /** Key that new applications start with. */
  defaultKey: { readonly bytes: Buffer; readonly version: number }
  /** From TL on. */
  ats: Buffer
}

export interface Session {
  readonly keyNumber: number
  readonly keys: SessionKeys
  /** Transaction identifier in force (EV2). */
  readonly transaction: Buffer
  readonly channel: Channel
}

/** Bytes of a key on the card. */
export function familyLength(family: KeyFamily): 16 | 24 {
  return family === '3tdea' ? 24 : 16
}

/**
 * A key as the card keeps it.
 * @param bytes 16, or 24 for `3tdea`; `RangeError` otherwise
 * @param version taken from the bytes of a DES key
 */
export function cardKey(family: KeyFamily, bytes: Uint8Array, version = 0): CardKey {
  const kept = Buffer.from(bytes)
  if (kept.length !== familyLength(family)) throw new RangeError(`${family}: ${familyLength(family)} bytes of key expected, ${kept.length} given`)
  if (family === 'aes') return { family, bytes: kept, version, cipher: blockCipher('aes', kept) }
  let parity = 0
  for (const byte of kept.subarray(0, 8)) parity = (parity << 1) | (byte & 1)
  if (family === '3tdea') return { family, bytes: kept, version: parity, cipher: blockCipher('3tdea', kept) }
  const single = kept.subarray(0, 8).equals(kept.subarray(8))
  return { family, bytes: kept, version: parity, cipher: single ? blockCipher('des', kept.subarray(0, 8)) : blockCipher('2tdea', kept) }
}

/** An application with the card's default key everywhere. */
export function newApplication(
  chip: Pick<Chip, 'defaultKey'>,
  made: {
    readonly aid: number
    readonly settings: number
    readonly family: KeyFamily
    readonly keys: number
    readonly isoId?: number | undefined
    readonly dfName?: Buffer | undefined
  },
): Application {
  const { bytes, version } = chip.defaultKey
  const key = cardKey(made.family, bytes.subarray(0, familyLength(made.family)), version)
  return {
    aid: made.aid,
    settings: made.settings,
    family: made.family,
    keys: Array.from({ length: made.keys }, () => key),
    files: new Map(),
    isoId: made.isoId,
    dfName: made.dfName,
  }
}

const MODES: Readonly<Record<number, CommunicationMode>> = { 0: 'plain', 1: 'mac', 2: 'plain', 3: 'full' }

/** From the communication settings of a file; undefined for a value that is not defined. */
export function modeOf(settings: number): CommunicationMode | undefined {
  return MODES[settings]
}

export function modeByte(mode: CommunicationMode): number {
  return mode === 'plain' ? 0 : mode === 'mac' ? 1 : 3
}

/** Two bytes, lowest first: change, read-write, write, read, four bits each from the lowest. */
export function accessOf(rights: number): AccessRights {
  return { read: rights >> 12, write: (rights >> 8) & 15, readWrite: (rights >> 4) & 15, change: rights & 15 }
}

export function accessWord({ read, write, readWrite, change }: AccessRights): number {
  return (read << 12) | (write << 8) | (readWrite << 4) | change
}

/** Bytes of user memory in use: files by blocks of 32, what is backed up twice. */
export function memoryUsed(chip: Chip): number {
  let used = 0
  for (const { files } of chip.applications.values()) for (const file of files.values()) used += fileMemory(file)
  return used
}

/** Bytes that a file takes. */
export function fileMemory(file: CardFile): number {
  const blocks = (bytes: number) => Math.ceil(bytes / 32) * 32
  switch (file.kind) {
    case 'standard':
      return blocks(file.data.length)
    case 'backup':
      return 2 * blocks(file.data.length)
    case 'value':
      return 64
    default:
      return blocks(file.recordSize * file.maximum)
  }
}
