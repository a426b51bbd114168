import { xor } from '#simulators/kms/cipher.ts'
import { demandKeyChange, demandMaster, SETTING } from '../access.ts'
import { crc16, crc32 } from '../crc.ts'
import { same } from '../messaging/channel.ts'
import { type CardKey, cardKey, familyLength, type KeyFamily } from '../state.ts'
import { demand, Refusal, STATUS } from '../status.ts'
import { type Command, give, take, takeData, takeExactly } from './command.ts'

const FAMILY_BITS: Readonly<Record<KeyFamily, number>> = { des: 0x00, '3tdea': 0x40, aes: 0x80 }

export const getKeySettings: Command = (chip, body, command) => {
  demandMaster(chip, SETTING.freeListing)
  takeExactly(chip, command, body, 0)
  const { settings, keys, family } = chip.selected
  return give(chip, Buffer.of(settings, keys.length | FAMILY_BITS[family]))
}

export const changeKeySettings: Command = (chip, body, command) => {
  demandMaster(chip)
  demand((chip.selected.settings & SETTING.changeable) !== 0, STATUS.permission)
  const [settings = 0] = takeData(chip, command, body, 0, 1, 'full')
  chip.selected.settings = settings
  return give(chip)
}

export const getKeyVersion: Command = (chip, body, command) => {
  const data = take(chip, command, body)
  demand(data.length === 1, STATUS.length)
  const key = chip.selected.keys[data[0] ?? 0]
  if (!key) throw new Refusal(STATUS.noSuchKey)
  return give(chip, Buffer.of(key.version))
}

/**
 * The new key, enciphered; mixed with the old one and followed by a checksum of its own unless it is the key of this session. An AES key
 * is followed by its version. On the card's level the two highest bits of the number choose the cipher of the new key. Changing the
 * session's own key ends the session, without a code of integrity.
 */
export const changeKey: Command = (chip, body, command) => {
  const { session, selected } = chip
  demand(session !== undefined, STATUS.authentication)
  const [raw = 0] = body
  const number = raw & (selected.aid === 0 ? 0x3f : 0xff)
  const old = selected.keys[number]
  if (!old) throw new Refusal(STATUS.noSuchKey)
  demandKeyChange(chip, number)
  const family = selected.aid === 0 ? familyOf(raw) : selected.family
  const own = session.keyNumber === number
  const length = familyLength(family)
  const sumLength = own ? 0 : session.channel.kind === 'd40' ? 2 : 4
  const data = takeData(chip, command, body, 1, length + (family === 'aes' ? 1 : 0), 'full', sumLength)
  const mixed = data.subarray(0, length)
  const bytes = own ? Buffer.from(mixed) : xor(mixed, old.bytes)
  const sum = session.channel.kind === 'd40' ? crc16(bytes) : crc32(bytes)
  demand(own || same(sum, data.subarray(data.length - sumLength)), STATUS.integrity)
  const key: CardKey = cardKey(family, bytes, family === 'aes' ? data[length] : 0)
  selected.keys[number] = key
  if (selected.aid === 0) selected.family = family
  if (!own) return give(chip)
  chip.session = undefined
  return { data: Buffer.alloc(0) }
}

function familyOf(raw: number): KeyFamily {
  const bits = raw & 0xc0
  const family = bits === 0x80 ? 'aes' : bits === 0x40 ? '3tdea' : bits === 0 ? 'des' : undefined
  if (!family) throw new Refusal(STATUS.parameter)
  return family
}
