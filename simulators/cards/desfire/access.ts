import type { CommunicationMode } from './messaging/channel.ts'
import type { AccessRights, Application, CardFile, Chip } from './state.ts'
import { demand, Refusal, STATUS } from './status.ts'

/** Key number that stands for everybody, and the one for nobody. */
export const FREE = 14
export const NEVER = 15

/** Bits of the key settings. */
export const SETTING = { masterChangeable: 1, freeListing: 2, freeCreation: 4, changeable: 8 } as const

/** Refuses unless the master key of the selected application (or card) is authenticated, or `bit` of its settings frees everybody. */
export function demandMaster(chip: Chip, bit?: number): void {
  if (bit !== undefined && chip.selected.settings & bit) return
  demand(chip.session?.keyNumber === 0, STATUS.authentication)
}

/** Refuses on an application's level, or on the card's. */
export function demandLevel(chip: Chip, level: 'card' | 'application'): void {
  demand((chip.selected.aid === 0) === (level === 'card'), STATUS.permission)
}

/**
 * The mode in which a file is used by what is authenticated: its own when the authenticated key has one of the rights; plain when
 * everybody has one. Refuses otherwise: for good when nobody has any, for want of authentication else.
 */
export function modeFor(chip: Chip, file: CardFile, rights: readonly (keyof AccessRights)[]): CommunicationMode {
  const keys = rights.map((right) => file.access[right])
  if (chip.session && keys.includes(chip.session.keyNumber)) return file.mode
  if (keys.includes(FREE)) return 'plain'
  throw new Refusal(keys.every((key) => key === NEVER) ? STATUS.permission : STATUS.authentication)
}

/** Refuses unless what is authenticated may change key `number` (bits 4 to 7 of the key settings). */
export function demandKeyChange(chip: Chip, number: number): void {
  const { selected, session } = chip
  demand(session !== undefined, STATUS.authentication)
  if (number === 0) {
    demand((selected.settings & SETTING.masterChangeable) !== 0, STATUS.permission)
    demand(session.keyNumber === 0, STATUS.authentication)
    return
  }
  const changer = selected.settings >> 4
  demand(changer !== NEVER, STATUS.permission)
  const needed = changer === 14 ? number : changer === number ? 0 : changer
  demand(session.keyNumber === needed, STATUS.authentication)
}

/** The file, or the refusal that it is not there. */
export function fileOf(application: Application, number: number): CardFile {
  const file = application.files.get(number)
  if (!file) throw new Refusal(STATUS.fileNotFound)
  return file
}
