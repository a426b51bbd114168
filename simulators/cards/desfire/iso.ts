import { select } from './commands/picc.ts'
import { type IsoCommand, statusWord } from './framing.ts'
import type { Chip } from './state.ts'

/** DF name of every DESFire card. */
const CARD_NAME = Buffer.from('d2760000850100', 'hex')

/**
 * What the card understands of ISO/IEC 7816-4 itself: SELECT by DF name (P1 04), and by file identifier (P1 00 and 01; 3F00 is the card).
 * Elementary files are found but not read this way.
 */
export function answerIso(chip: Chip, { cla, ins, p1, p2, data }: IsoCommand): Buffer {
  if (cla !== 0x00) return statusWord(0x6e00)
  if (ins !== 0xa4) return statusWord(0x6d00)
  if (p2 !== 0x00 && p2 !== 0x0c) return statusWord(0x6a86)
  if (p1 === 0x04) {
    const application = CARD_NAME.equals(data) ? chip.picc : [...chip.applications.values()].find(({ dfName }) => dfName?.equals(data))
    if (!application) return statusWord(0x6a82)
    select(chip, application)
    return statusWord(0x9000)
  }
  if (p1 !== 0x00 && p1 !== 0x01 && p1 !== 0x02) return statusWord(0x6a86)
  if (data.length !== 2 && !(p1 === 0x00 && data.length === 0)) return statusWord(0x6700)
  const id = data.length === 0 ? 0x3f00 : data.readUInt16BE(0)
  if (p1 === 0x02) return statusWord([...chip.selected.files.values()].some(({ isoId }) => isoId === id) ? 0x9000 : 0x6a82)
  const application = id === 0x3f00 ? chip.picc : [...chip.applications.values()].find(({ isoId }) => isoId === id)
  if (!application) return statusWord(0x6a82)
  select(chip, application)
  return statusWord(0x9000)
}
