import type { CardTrouble } from '../card.ts'
import { digits, hex } from '../hex.ts'
import { type Command, readClass, splitCommand } from './apdu.ts'
import { DESFIRE_COMMANDS, DESFIRE_STATUS } from './desfire.ts'
import { applicationName, INSTRUCTIONS, READER_COMMANDS, SECURITY_OPERATIONS, TEMPLATES } from './instructions.ts'
import type { RecordKind } from './recorder.ts'
import { carriesSecret } from './secrets.ts'
import { sayStatusWord } from './status-words.ts'

const EVENTS: Readonly<Record<Exclude<RecordKind, 'apdu'>, string>> = {
  insert: 'carte insérée',
  remove: 'carte retirée',
  'power-on': 'mise sous tension',
  reset: 'remise à zéro',
  'power-off': 'mise hors tension',
  'begin-transaction': 'début de transaction',
  'end-transaction': 'fin de transaction',
}

const SILENCE: Readonly<Partial<Record<CardTrouble, string>>> = {
  REMOVED: "carte retirée pendant l'échange",
  NO_ANSWER: 'la carte ne répond pas',
  CARD_THREW: 'la carte est tombée en panne',
}

/** An event in words. `atr`: hexadecimal, null for a mute card, undefined where there is none to tell. */
export function sayEvent(kind: Exclude<RecordKind, 'apdu'>, atr: string | null | undefined): string {
  if (atr === undefined) return EVENTS[kind]
  return atr === null ? `${EVENTS[kind]} : carte muette` : `${EVENTS[kind]}, ATR ${atr}`
}

/** An exchange in words, and its status. `response` null: the card gave none, for this reason. Tells no byte of a secret code. */
export function sayExchange(
  command: Uint8Array,
  response: Uint8Array | null,
  reason?: CardTrouble,
): { readonly sw: string | null; readonly said: string } {
  const split = splitCommand(command)
  const native = isNative(command, split)
  const asked = native ? nativeName(command) : split ? sayCommand(split, command) : `commande tronquée (${command.length} octets)`
  if (!response) return { sw: null, said: `${asked} → ${(reason && SILENCE[reason]) ?? 'pas de réponse'}` }
  if (native) {
    const status = response[0] ?? 0
    return { sw: digits(status), said: `${asked} → ${digits(status)} ${DESFIRE_STATUS[status] ?? 'sens inconnu'}` }
  }
  const word = (response.at(-2) ?? 0) * 256 + (response.at(-1) ?? 0)
  const wrapped = word >> 8 === 0x91 ? DESFIRE_STATUS[word & 0xff] : undefined
  return { sw: digits(word, 4), said: `${asked} → ${wrapped ? `${digits(word, 4)} ${wrapped}` : sayStatusWord(word)}` }
}

/** A DESFire command without its ISO wrapping: a known code first, and bytes that make no APDU. */
function isNative([code]: Uint8Array, split: Command | null): boolean {
  if (code === undefined || DESFIRE_COMMANDS[code] === undefined) return false
  return split === null || !split.wellFormed || INSTRUCTIONS[split.ins] === undefined
}

function nativeName([code = 0, ...data]: Uint8Array): string {
  const name = DESFIRE_COMMANDS[code] ?? digits(code)
  return code === 0x5a ? `${name} ${applicationId(Uint8Array.from(data))}` : name
}

function sayCommand(command: Command, bytes: Uint8Array): string {
  const { cla, ins } = command
  if (cla === 0xff) return sayReaderCommand(command)
  if (cla === 0x90 && DESFIRE_COMMANDS[ins] !== undefined) {
    return `DESFire ${ins === 0x5a ? `SelectApplication ${applicationId(command.data)}` : DESFIRE_COMMANDS[ins]}`
  }
  const name = INSTRUCTIONS[ins]
  const { channel, chained, secured } = readClass(cla)
  const notes = [
    channel > 0 ? `canal ${channel}` : '',
    chained ? 'chaîné' : '',
    secured ? 'messagerie sécurisée' : '',
    command.wellFormed ? '' : 'longueurs incohérentes',
  ].filter((note) => note !== '')
  const told = name === undefined ? `classe ${digits(cla)} instruction ${digits(ins)}` : [name, detail(command, bytes)].filter(Boolean).join(' ')
  return notes.length > 0 ? `${told} [${notes.join(', ')}]` : told
}

function sayReaderCommand({ ins, p1 }: Command): string {
  if (ins === 0xca && p1 === 0) return 'GET DATA (lecteur) numéro de la carte'
  if (ins === 0xca && p1 === 1) return 'GET DATA (lecteur) octets historiques'
  return READER_COMMANDS[ins] ?? `commande du lecteur ${digits(ins)}`
}

/** What the parameters add to the name of an instruction. */
function detail(command: Command, bytes: Uint8Array): string {
  const { ins, p1, p2, data } = command
  if (carriesSecret(bytes)) return data.length > 0 ? `code ${digits(p2)} (${data.length} octets masqués)` : `code ${digits(p2)}, état`
  if (ins === 0xa4) return selected(p1, data)
  if (ins === 0x2a) return SECURITY_OPERATIONS[p1 * 256 + p2] ?? digits(p1 * 256 + p2, 4)
  if (ins === 0x22) return (p1 & 0x0f) === 1 ? `SET ${TEMPLATES[p2] ?? digits(p2)} ${hex(data)}` : `P1 ${digits(p1)} P2 ${digits(p2)}`
  if (ins === 0xb0 || ins === 0xd6) return p1 & 0x80 ? `SFI ${digits(p1 & 0x1f)} depuis ${p2}` : `depuis ${p1 * 256 + p2}`
  if (ins === 0xcb || ins === 0xca) return data.length > 0 ? hex(data) : digits(p1 * 256 + p2, 4)
  if (ins === 0x88 || ins === 0x82) return `clé ${digits(p2)}`
  return ''
}

function selected(p1: number, data: Uint8Array): string {
  const id = hex(data)
  if (p1 !== 4) return id === '' ? 'racine' : id
  const name = applicationName(id)
  return name ? `AID ${id} (${name})` : `AID ${id}`
}

/** DESFire application numbers travel least significant byte first. */
function applicationId(data: Uint8Array): string {
  return hex(Uint8Array.from(data.subarray(0, 3)).reverse())
}
