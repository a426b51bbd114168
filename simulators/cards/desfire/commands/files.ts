import { demandLevel, demandMaster, FREE, fileOf, NEVER, SETTING } from '../access.ts'
import { type AccessRights, accessOf, accessWord, type CardFile, type Chip, fileMemory, memoryUsed, modeByte, modeOf } from '../state.ts'
import { demand, Refusal, STATUS } from '../status.ts'
import { type Command, give, take, takeData, takeExactly } from './command.ts'

const MOST_FILES = 32
const KINDS = { standard: 0, backup: 1, value: 2, linear: 3, cyclic: 4 } as const

/** What all creations begin with: number, perhaps an ISO file identifier, mode, access rights. `after` is how many bytes must follow. */
function begun(chip: Chip, data: Buffer, after: number) {
  const isoGiven = data.length === 6 + after
  demand(isoGiven || data.length === 4 + after, STATUS.length)
  const at = isoGiven ? 3 : 1
  const mode = modeOf(data[at] ?? 0xff)
  const number = data[0] ?? 0
  if (!mode || number >= MOST_FILES) throw new Refusal(STATUS.parameter)
  demand(!chip.selected.files.has(number), STATUS.duplicate)
  const isoId = isoGiven ? data.readUInt16LE(1) : undefined
  demand(isoId === undefined || ![...chip.selected.files.values()].some((file) => file.isoId === isoId), STATUS.duplicate)
  const access = accessOf(data.readUInt16LE(at + 1))
  demandKnownKeys(chip, access)
  return { number, mode, isoId, access, rest: data.subarray(at + 3) }
}

/** Rights name keys of the application, everybody or nobody. */
function demandKnownKeys(chip: Chip, access: AccessRights): void {
  const known = (key: number) => key >= FREE || key < chip.selected.keys.length
  demand(Object.values(access).every(known), STATUS.parameter)
}

function add(chip: Chip, number: number, file: CardFile) {
  demand(memoryUsed(chip) + fileMemory(file) <= chip.memory, STATUS.outOfMemory)
  chip.selected.files.set(number, file)
  return give(chip)
}

function mayCreate(chip: Chip): void {
  demandLevel(chip, 'application')
  demandMaster(chip, SETTING.freeCreation)
}

export function createDataFile(kind: 'standard' | 'backup'): Command {
  return (chip, body, command) => {
    mayCreate(chip)
    const { number, rest, ...file } = begun(chip, take(chip, command, body), 3)
    const size = rest.readUIntLE(0, 3)
    demand(size > 0, STATUS.parameter)
    demand(size <= chip.memory, STATUS.outOfMemory)
    return add(chip, number, { kind, ...file, data: Buffer.alloc(size), pending: undefined })
  }
}

export const createValueFile: Command = (chip, body, command) => {
  mayCreate(chip)
  const { number, rest, ...file } = begun(chip, take(chip, command, body), 13)
  const [lower, upper, value, options = 0] = [rest.readInt32LE(0), rest.readInt32LE(4), rest.readInt32LE(8), rest[12]]
  demand(lower <= upper && value >= lower && value <= upper && options <= 3, STATUS.parameter)
  return add(chip, number, { kind: 'value', ...file, lower, upper, options, committed: { value, limit: 0, taken: 0 }, pending: undefined })
}

export function createRecordFile(kind: 'linear' | 'cyclic'): Command {
  return (chip, body, command) => {
    mayCreate(chip)
    const { number, rest, ...file } = begun(chip, take(chip, command, body), 6)
    const [recordSize, maximum] = [rest.readUIntLE(0, 3), rest.readUIntLE(3, 3)]
    demand(recordSize > 0 && maximum >= (kind === 'cyclic' ? 2 : 1), STATUS.parameter)
    demand(recordSize * maximum <= chip.memory, STATUS.outOfMemory)
    return add(chip, number, { kind, ...file, recordSize, maximum, records: [], pending: undefined })
  }
}

export const deleteFile: Command = (chip, body, command) => {
  mayCreate(chip)
  const [number = 0] = takeExactly(chip, command, body, 1)
  fileOf(chip.selected, number)
  chip.selected.files.delete(number)
  return give(chip)
}

export const getFileIds: Command = (chip, body, command) => {
  demandLevel(chip, 'application')
  demandMaster(chip, SETTING.freeListing)
  takeExactly(chip, command, body, 0)
  return give(chip, Buffer.from([...chip.selected.files.keys()]))
}

export const getIsoFileIds: Command = (chip, body, command) => {
  demandLevel(chip, 'application')
  demandMaster(chip, SETTING.freeListing)
  takeExactly(chip, command, body, 0)
  const ids = [...chip.selected.files.values()].flatMap(({ isoId }) => (isoId === undefined ? [] : [isoId]))
  const out = Buffer.alloc(2 * ids.length)
  for (const [at, id] of ids.entries()) out.writeUInt16LE(id, 2 * at)
  return give(chip, out)
}

export const getFileSettings: Command = (chip, body, command) => {
  demandLevel(chip, 'application')
  demandMaster(chip, SETTING.freeListing)
  const [number = 0] = takeExactly(chip, command, body, 1)
  const file = fileOf(chip.selected, number)
  const head = Buffer.alloc(4)
  head[0] = KINDS[file.kind]
  head[1] = modeByte(file.mode)
  head.writeUInt16LE(accessWord(file.access), 2)
  return give(chip, Buffer.concat([head, specific(file)]))
}

function specific(file: CardFile): Buffer {
  if (file.kind === 'value') {
    const out = Buffer.alloc(13)
    out.writeInt32LE(file.lower, 0)
    out.writeInt32LE(file.upper, 4)
    out.writeInt32LE(file.committed.limit, 8)
    out[12] = file.options
    return out
  }
  const numbers = 'data' in file ? [file.data.length] : [file.recordSize, file.maximum, file.records.length]
  const out = Buffer.alloc(3 * numbers.length)
  for (const [at, value] of numbers.entries()) out.writeUIntLE(value, 3 * at, 3)
  return out
}

/** Secret, unless everybody may change the settings; then as it is. */
export const changeFileSettings: Command = (chip, body, command) => {
  demandLevel(chip, 'application')
  demand(body.length >= 1, STATUS.length)
  const file = fileOf(chip.selected, body[0] ?? 0)
  const { change } = file.access
  demand(change !== NEVER, STATUS.permission)
  demand(change === FREE || chip.session?.keyNumber === change, STATUS.authentication)
  const data = takeData(chip, command, body, 1, 3, change === FREE ? 'plain' : 'full')
  const mode = modeOf(data[0] ?? 0xff)
  if (!mode) throw new Refusal(STATUS.parameter)
  const access = accessOf(data.readUInt16LE(1))
  demandKnownKeys(chip, access)
  file.mode = mode
  file.access = access
  return give(chip, undefined, change === FREE ? 'plain' : 'mac')
}
