import { demandLevel, fileOf, modeFor } from '../access.ts'
import type { CommunicationMode } from '../messaging/channel.ts'
import type { AccessRights, CardFile, Chip, DataFile, RecordFile, ValueFile } from '../state.ts'
import { demand, Refusal, STATUS } from '../status.ts'
import { abort, commit, isPending } from '../transaction.ts'
import { type Answer, type Command, give, giveData, take, takeData, takeExactly } from './command.ts'

const READING = ['read', 'readWrite'] as const
const WRITING = ['write', 'readWrite'] as const

/** The file that a command names in its first byte, and the mode in which it is used. */
function used(chip: Chip, body: Buffer, rights: readonly (keyof AccessRights)[]): { readonly file: CardFile; readonly mode: CommunicationMode } {
  demandLevel(chip, 'application')
  demand(body.length >= 1, STATUS.length)
  const file = fileOf(chip.selected, body[0] ?? 0)
  return { file, mode: modeFor(chip, file, rights) }
}

function usedData(chip: Chip, body: Buffer, rights: readonly (keyof AccessRights)[]): { readonly file: DataFile; readonly mode: CommunicationMode } {
  const { file, mode } = used(chip, body, rights)
  if (file.kind !== 'standard' && file.kind !== 'backup') throw new Refusal(STATUS.parameter)
  return { file, mode }
}

function usedRecords(
  chip: Chip,
  body: Buffer,
  rights: readonly (keyof AccessRights)[],
): { readonly file: RecordFile; readonly mode: CommunicationMode } {
  const { file, mode } = used(chip, body, rights)
  if (file.kind !== 'linear' && file.kind !== 'cyclic') throw new Refusal(STATUS.parameter)
  return { file, mode }
}

/** Header of reading and writing: file, offset, length, three bytes each for the numbers. */
function place(body: Buffer): { readonly offset: number; readonly length: number } {
  demand(body.length >= 7, STATUS.length)
  return { offset: body.readUIntLE(1, 3), length: body.readUIntLE(4, 3) }
}

/** Length 0 reads to the end. A backup file shows what is committed. */
export const readData: Command = (chip, body, command) => {
  const { file, mode } = usedData(chip, body, READING)
  const { offset, length } = place(takeExactly(chip, command, body, 7, mode))
  const end = length === 0 ? file.data.length : offset + length
  demand(offset < file.data.length && end <= file.data.length, STATUS.boundary)
  return giveData(chip, file.data.subarray(offset, end), mode)
}

export const writeData: Command = (chip, body, command) => {
  const { file, mode } = usedData(chip, body, WRITING)
  const { offset, length } = writing(file, body)
  const data = takeData(chip, command, body, 7, length, mode)
  if (file.kind === 'standard') data.copy(file.data, offset)
  else {
    file.pending ??= Buffer.from(file.data)
    data.copy(file.pending, offset)
  }
  return give(chip, undefined, mode)
}

function writing(file: DataFile | RecordFile, body: Buffer) {
  const { offset, length } = place(body)
  const size = 'data' in file ? file.data.length : file.recordSize
  demand(length > 0, STATUS.parameter)
  demand(offset + length <= size, STATUS.boundary)
  return { offset, length }
}

/**
 * How many bytes the body of a writing command must have, so that the card knows when the last frame has come. Refuses at once what
 * cannot be written, whatever would follow.
 */
export function writingLength(chip: Chip, body: Buffer): number {
  const { file, mode } = used(chip, body, WRITING)
  if (file.kind === 'value') throw new Refusal(STATUS.parameter)
  const { length } = writing(file, body)
  return chip.session ? chip.session.channel.length(7, length, mode) : 7 + length
}

export const getValue: Command = (chip, body, command) => {
  const { file, mode } = usedValue(chip, body, ['read', 'write', 'readWrite'], true)
  takeExactly(chip, command, body, 1, mode)
  const out = Buffer.alloc(4)
  out.writeInt32LE(file.committed.value)
  return giveData(chip, out, mode)
}

function usedValue(chip: Chip, body: Buffer, rights: readonly (keyof AccessRights)[], reading = false): { file: ValueFile; mode: CommunicationMode } {
  demandLevel(chip, 'application')
  demand(body.length >= 1, STATUS.length)
  const file = fileOf(chip.selected, body[0] ?? 0)
  if (file.kind !== 'value') throw new Refusal(STATUS.parameter)
  const own = rights.some((right) => file.access[right] === chip.session?.keyNumber)
  return { file, mode: reading && (file.options & 2) !== 0 && !own ? 'plain' : modeFor(chip, file, rights) }
}

/** Credit, debit, and the limited credit that gives back what the last transaction took. */
export function changeValue(change: 'credit' | 'debit' | 'limited'): Command {
  const rights = ({ credit: ['readWrite'], debit: ['read', 'write', 'readWrite'], limited: ['write', 'readWrite'] } as const)[change]
  return (chip, body, command) => {
    const { file, mode } = usedValue(chip, body, rights)
    demand(change !== 'limited' || (file.options & 1) !== 0, STATUS.permission)
    const amount = takeData(chip, command, body, 1, 4, mode).readInt32LE(0)
    demand(amount >= 0, STATUS.parameter)
    const now = file.pending ?? { ...file.committed, taken: 0 }
    const value = change === 'debit' ? now.value - amount : now.value + amount
    demand(value >= file.lower && value <= file.upper, STATUS.boundary)
    demand(change !== 'limited' || amount <= now.limit, STATUS.boundary)
    file.pending = { value, limit: change === 'limited' ? 0 : now.limit, taken: now.taken + (change === 'debit' ? amount : 0) }
    return give(chip, undefined, mode)
  }
}

/** All writes of one transaction go to one new record. */
export const writeRecord: Command = (chip, body, command) => {
  const { file, mode } = usedRecords(chip, body, WRITING)
  const { offset, length } = writing(file, body)
  const count = file.pending?.cleared ? 0 : file.records.length
  demand(file.kind === 'cyclic' || count < file.maximum, STATUS.boundary)
  const data = takeData(chip, command, body, 7, length, mode)
  const added = Buffer.from(file.pending?.added ?? Buffer.alloc(file.recordSize))
  data.copy(added, offset)
  file.pending = { cleared: file.pending?.cleared ?? false, added }
  return give(chip, undefined, mode)
}

/** `offset` counts records back from the newest; length 0 reads all that are older. They come oldest first. */
export const readRecords: Command = (chip, body, command) => {
  const { file, mode } = usedRecords(chip, body, READING)
  const { offset, length } = place(takeExactly(chip, command, body, 7, mode))
  const end = file.records.length - offset
  const start = length === 0 ? 0 : end - length
  demand(end > 0 && start >= 0, STATUS.boundary)
  return giveData(chip, Buffer.concat(file.records.slice(start, end)), mode)
}

export const clearRecords: Command = (chip, body, command) => {
  const { file } = usedRecords(chip, body, ['readWrite'])
  takeExactly(chip, command, body, 1)
  file.pending = { cleared: true, added: undefined }
  return give(chip)
}

export const commitTransaction: Command = (chip, body, command): Answer => {
  demandLevel(chip, 'application')
  const data = take(chip, command, body)
  // EV2 adds a byte that asks for the transaction MAC, which is not played: only 00 is taken.
  demand(data.length === 0 || (data.length === 1 && data[0] === 0), STATUS.length)
  demand(isPending(chip.selected), STATUS.noChange)
  commit(chip.selected)
  return give(chip)
}

export const abortTransaction: Command = (chip, body, command) => {
  demandLevel(chip, 'application')
  takeExactly(chip, command, body, 0)
  demand(isPending(chip.selected), STATUS.noChange)
  abort(chip)
  return give(chip)
}
