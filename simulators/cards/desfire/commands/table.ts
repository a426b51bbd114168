import type { Command } from './command.ts'
import * as data from './data.ts'
import * as files from './files.ts'
import * as keys from './keys.ts'
import * as picc from './picc.ts'

export interface Entry {
  readonly run: Command
  /** First generation that knows the command; all of them unless told. */
  readonly since?: 'EV2'
  /** The variant of EV2 whose frames are as long as ISO/IEC 14443-4 chaining makes them. */
  readonly longFrames?: true
}

/** Commands whose body may come in several frames; their header tells how long it is. */
export const WRITING_COMMANDS: ReadonlySet<number> = new Set([0x3d, 0x8d, 0x3b, 0x8b])

/** Native commands but those of authentication. */
export function COMMANDS(production: Buffer): ReadonlyMap<number, Entry> {
  return new Map<number, Entry>([
    [0x60, { run: picc.getVersion(production) }],
    [0x51, { run: picc.getCardUid }],
    [0x6e, { run: picc.freeMemory }],
    [0xfc, { run: picc.formatPicc }],
    [0x5c, { run: picc.setConfiguration }],
    [0x5a, { run: picc.selectApplication }],
    [0xca, { run: picc.createApplication }],
    [0xda, { run: picc.deleteApplication }],
    [0x6a, { run: picc.getApplicationIds }],
    [0x6d, { run: picc.getDfNames }],
    [0x45, { run: keys.getKeySettings }],
    [0x54, { run: keys.changeKeySettings }],
    [0x64, { run: keys.getKeyVersion }],
    [0xc4, { run: keys.changeKey }],
    [0xcd, { run: files.createDataFile('standard') }],
    [0xcb, { run: files.createDataFile('backup') }],
    [0xcc, { run: files.createValueFile }],
    [0xc1, { run: files.createRecordFile('linear') }],
    [0xc0, { run: files.createRecordFile('cyclic') }],
    [0xdf, { run: files.deleteFile }],
    [0x6f, { run: files.getFileIds }],
    [0x61, { run: files.getIsoFileIds }],
    [0xf5, { run: files.getFileSettings }],
    [0x5f, { run: files.changeFileSettings }],
    [0xbd, { run: data.readData }],
    [0xad, { run: data.readData, since: 'EV2', longFrames: true }],
    [0x3d, { run: data.writeData }],
    [0x8d, { run: data.writeData, since: 'EV2', longFrames: true }],
    [0x6c, { run: data.getValue }],
    [0x0c, { run: data.changeValue('credit') }],
    [0xdc, { run: data.changeValue('debit') }],
    [0x1c, { run: data.changeValue('limited') }],
    [0x3b, { run: data.writeRecord }],
    [0x8b, { run: data.writeRecord, since: 'EV2', longFrames: true }],
    [0xbb, { run: data.readRecords }],
    [0xab, { run: data.readRecords, since: 'EV2', longFrames: true }],
    [0xeb, { run: data.clearRecords }],
    [0xc7, { run: data.commitTransaction }],
    [0xa7, { run: data.abortTransaction }],
  ])
}
