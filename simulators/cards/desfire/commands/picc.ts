import { demandLevel, demandMaster, SETTING } from '../access.ts'
import { type Application, type KeyFamily, memoryUsed, newApplication } from '../state.ts'
import { demand, Refusal, STATUS } from '../status.ts'
import { abort } from '../transaction.ts'
import { type Command, give, giveData, take, takeData, takeExactly } from './command.ts'

const MOST_APPLICATIONS = 28
const FAMILIES: readonly (KeyFamily | undefined)[] = ['des', '3tdea', 'aes', undefined]
/** Hardware and software part of GetVersion: vendor, type, subtype, major, minor, storage, protocol. */
const VERSIONS = {
  EV1: ['04010101001a05', '04010101041a05'],
  EV2: ['04010112001a05', '04010102011a05'],
  EV3: ['04010133001a05', '04010103001a05'],
} as const

/** Three frames; the UID is left out (zeros) while it is random. `production` is the batch, the week and the year. */
export function getVersion(production: Buffer): Command {
  return (chip, body, command) => {
    takeExactly(chip, command, body, 0)
    const parts = VERSIONS[chip.generation].map((text) => Buffer.from(text, 'hex'))
    const uid = chip.randomUid ? Buffer.alloc(7) : chip.uid
    return { ...give(chip, Buffer.concat([...parts, uid, production])), cuts: [7, 14] }
  }
}

export const getCardUid: Command = (chip, body, command) => {
  demand(chip.session !== undefined, STATUS.authentication)
  takeExactly(chip, command, body, 0)
  return giveData(chip, chip.uid, 'full')
}

export const freeMemory: Command = (chip, body, command) => {
  takeExactly(chip, command, body, 0)
  const left = Buffer.alloc(3)
  left.writeUIntLE(Math.max(0, chip.memory - memoryUsed(chip)), 0, 3)
  return give(chip, left)
}

export const formatPicc: Command = (chip, body, command) => {
  demandLevel(chip, 'card')
  demandMaster(chip)
  demand(chip.formatAllowed, STATUS.permission)
  takeExactly(chip, command, body, 0)
  for (const aid of [...chip.applications.keys()]) if (aid !== 0) chip.applications.delete(aid)
  return give(chip)
}

/** Option 0: forbid formatting, random UID (neither comes back); 1: key of new applications; 2: answer to select (ATS). */
export const setConfiguration: Command = (chip, body, command) => {
  demandLevel(chip, 'card')
  demandMaster(chip)
  const option = body[0]
  if (option === 0) {
    const [flags = 0] = takeData(chip, command, body, 1, 1, 'full')
    demand((flags & ~3) === 0, STATUS.parameter)
    if (flags & 1) chip.formatAllowed = false
    if (flags & 2) chip.randomUid = true
  } else if (option === 1) {
    const data = takeData(chip, command, body, 1, 25, 'full')
    chip.defaultKey = { bytes: Buffer.from(data.subarray(0, 24)), version: data[24] ?? 0 }
  } else throw new Refusal(STATUS.parameter)
  return give(chip)
}

export const selectApplication: Command = (chip, body) => {
  demand(body.length === 3, STATUS.length)
  const application = chip.applications.get(body.readUIntLE(0, 3))
  if (!application) throw new Refusal(STATUS.applicationNotFound)
  select(chip, application)
  return { data: Buffer.alloc(0) }
}

/** A selection ends the session and what was pending. */
export function select(chip: Parameters<Command>[0], application: Application): void {
  abort(chip)
  chip.selected = application
  chip.session = undefined
}

/** AID, two key settings, the third one of EV2 when announced, and perhaps an ISO file identifier with a DF name. */
export const createApplication: Command = (chip, body, command) => {
  demandLevel(chip, 'card')
  demandMaster(chip, SETTING.freeCreation)
  const data = take(chip, command, body)
  demand(data.length >= 5, STATUS.length)
  const [aid, settings = 0, second = 0] = [data.readUIntLE(0, 3), data[3], data[4]]
  const extended = (second & 0x10) !== 0
  demand(!extended || chip.generation !== 'EV1', STATUS.parameter)
  const rest = data.subarray(extended ? 6 : 5)
  // Key sets, which the third settings byte announces, are not played.
  demand(!extended || (data.length >= 6 && ((data[5] ?? 0) & 1) === 0), STATUS.parameter)
  demand(rest.length === 0 || (rest.length >= 2 && rest.length <= 18), STATUS.length)
  const family = FAMILIES[second >> 6]
  if (!family || (second & 15) > 14) throw new Refusal(STATUS.parameter)
  demand(!chip.applications.has(aid), STATUS.duplicate)
  demand(chip.generation !== 'EV1' || chip.applications.size <= MOST_APPLICATIONS, STATUS.count)
  const isoId = rest.length >= 2 ? rest.readUInt16LE(0) : undefined
  const dfName = rest.length > 2 ? Buffer.from(rest.subarray(2)) : undefined
  const taken = [...chip.applications.values()].some(
    (other) => (isoId !== undefined && other.isoId === isoId) || (dfName !== undefined && other.dfName?.equals(dfName)),
  )
  demand(!taken, STATUS.duplicate)
  chip.applications.set(aid, newApplication(chip, { aid, settings, family, keys: second & 15, isoId, dfName }))
  return give(chip)
}

/** On the card's level, or by the application itself (bit 2 of its own settings does not free this). */
export const deleteApplication: Command = (chip, body, command) => {
  const data = takeExactly(chip, command, body, 3)
  const aid = data.readUIntLE(0, 3)
  const here = chip.selected.aid === aid
  demand(chip.selected.aid === 0 || here, STATUS.permission)
  demand(aid !== 0 && chip.applications.has(aid), STATUS.applicationNotFound)
  demandMaster(chip)
  chip.applications.delete(aid)
  if (!here) return give(chip)
  select(chip, chip.picc)
  return { data: Buffer.alloc(0) }
}

export const getApplicationIds: Command = (chip, body, command) => {
  demandLevel(chip, 'card')
  demandMaster(chip, SETTING.freeListing)
  takeExactly(chip, command, body, 0)
  const ids = [...chip.applications.keys()].filter((aid) => aid !== 0)
  const out = Buffer.alloc(3 * ids.length)
  for (const [at, aid] of ids.entries()) out.writeUIntLE(aid, 3 * at, 3)
  return give(chip, out)
}

/** Applications that have an ISO name, one a frame: AID, file identifier, name. Not allowed in a session. */
export const getDfNames: Command = (chip, body) => {
  demandLevel(chip, 'card')
  demand(chip.session === undefined, STATUS.permission)
  demandMaster(chip, SETTING.freeListing)
  demand(body.length === 0, STATUS.length)
  const named = [...chip.applications.values()].filter(({ isoId, aid }) => aid !== 0 && isoId !== undefined)
  const parts = named.map(({ aid, isoId = 0, dfName }) => {
    const head = Buffer.alloc(5)
    head.writeUIntLE(aid, 0, 3)
    head.writeUInt16LE(isoId, 3)
    return dfName ? Buffer.concat([head, dfName]) : head
  })
  const ends = parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).reduce((sum, part) => sum + part.length, 0))
  return { data: Buffer.concat(parts), cuts: ends }
}
