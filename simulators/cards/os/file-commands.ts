import { MODE } from './access.ts'
import type { Command, Reply } from './apdu.ts'
import { readU16 } from './bytes.ts'
import { type CardFile, describeFile, MASTER_FILE } from './files.ts'
import { allowed, enter, type Session } from './session.ts'
import { SW } from './status.ts'

/** How a card family answers SELECT: the template of its description, and the P2 that ask for it. */
export interface SelectStyle {
  readonly template: 0x62 | 0x6f
  readonly describing: readonly number[]
}

const OUTSIDE: Reply = { status: SW.OUTSIDE_FILE }

/** SELECT (ISO/IEC 7816-4 §7.1.1): by identifier, name, path from the master file, path from the directory, parent. */
export function select(session: Session, command: Command, style: SelectStyle): Reply {
  const { p2, le } = command
  const silent = p2 === 0x0c
  if (!silent && !style.describing.includes(p2)) return { status: SW.WRONG_PARAMETERS }
  const found = target(session, command)
  if (found === 'unknown way') return { status: SW.WRONG_PARAMETERS }
  if (!found) return { status: SW.FILE_NOT_FOUND }
  if (found.kind === 'df') enter(session, found)
  else {
    enter(session, session.chip.files.parentOf(found))
    session.file = found
  }
  if (silent || (p2 === 0 && le === undefined)) return { status: SW.OK }
  return { status: SW.OK, data: describeFile(found, style.template) }
}

function target({ chip, directory }: Session, { p1, data }: Command): CardFile | undefined | 'unknown way' {
  const { files } = chip
  const fid = readU16(data)
  switch (p1) {
    case 0x00:
    case 0x01:
    case 0x02:
      if (data.length === 0 && p1 === 0) return files.root
      if (data.length !== 2) return undefined
      if (fid === MASTER_FILE) return files.root
      return files.child(directory, fid) ?? (p1 === 0 ? files.child(files.parentOf(directory), fid) : undefined)
    case 0x03:
      return data.length === 0 ? files.parentOf(directory) : undefined
    case 0x04:
      return files.byName(data)
    case 0x08:
      return data.length === 0 ? undefined : files.byPath(files.root, data)
    case 0x09:
      if (data.length === 0) return undefined
      // The official library writes paths from the master file with 3F00 in front of them.
      return fid === MASTER_FILE ? files.byPath(files.root, data.slice(2)) : files.byPath(directory, data)
    default:
      return 'unknown way'
  }
}

/** READ BINARY (ISO/IEC 7816-4 §7.2.3), at an offset of the current file or by short identifier. */
export function readBinary(session: Session, { p1, p2, data, le }: Command): Reply {
  if (data.length > 0 || le === undefined) return { status: SW.WRONG_LENGTH }
  const offset = p1 & 0x80 ? p2 : (p1 << 8) | p2
  if (p1 & 0x80) {
    if (p1 & 0x60) return { status: SW.WRONG_PARAMETERS }
    const named = session.chip.files.bySfi(session.directory, p1 & 0x1f)
    if (!named) return { status: SW.FILE_NOT_FOUND }
    session.file = named
  }
  const { file } = session
  if (!file) return { status: SW.NO_CURRENT_FILE }
  if (!allowed(session, file.rules, MODE.file.read)) return { status: SW.ACCESS_DENIED }
  if (offset >= file.content.length) return OUTSIDE
  const found = file.content.slice(offset, offset + le)
  const whole = le === 256 || le === 65_536
  return { status: found.length < le && !whole ? SW.END_OF_FILE : SW.OK, data: found }
}

/** UPDATE BINARY (ISO/IEC 7816-4 §7.2.5) of the current file, inside what it already is. */
export function updateBinary(session: Session, { p1, p2, data }: Command): Reply {
  const { file } = session
  if (data.length === 0) return { status: SW.WRONG_LENGTH }
  if (p1 & 0x80) return { status: SW.WRONG_PARAMETERS }
  if (!file) return { status: SW.NO_CURRENT_FILE }
  if (!allowed(session, file.rules, MODE.file.update)) return { status: SW.ACCESS_DENIED }
  const offset = (p1 << 8) | p2
  if (offset + data.length > file.content.length) return offset > file.content.length ? OUTSIDE : { status: SW.NO_ROOM }
  file.content.set(data, offset)
  return { status: SW.OK }
}
