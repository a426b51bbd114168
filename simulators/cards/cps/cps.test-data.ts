import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Card } from '#core/device.ts'
import { readAnswer } from '../os/apdu.ts'
import { concat, hex, toHex } from '../os/bytes.ts'
import type { Cps3Options } from './cps3.ts'
import type { CpsIdentity } from './identity.ts'

export const IDENTITY: CpsIdentity = {
  cardNumber: '2900995235',
  familyName: 'EXEMPLE',
  givenName: 'ALICE',
  nationalId: '899700000001',
  profession: 'Médecin',
  situations: ['CENTRE HOSPITALIER FICTIF', 'CABINET FICTIF'],
}

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [authentication, signature, technical] = [pair(), pair(), pair()]

export const PUBLIC: Readonly<Record<'authentication' | 'signature' | 'technical', KeyObject>> = {
  authentication: authentication.publicKey,
  signature: signature.publicKey,
  technical: technical.publicKey,
}

/** Stands for a certificate where only its bytes matter: two read commands long, no two bytes alike nearby. */
const standIn = (seed: number) => Uint8Array.from({ length: 980 }, (_, index) => (index * 7 + seed) & 0xff)

export const OPTIONS: Cps3Options = {
  identity: IDENTITY,
  pin: '1234',
  unblockingCode: '87654321',
  keys: { authentication: authentication.privateKey, signature: signature.privateKey, technical: technical.privateKey },
  certificates: { authentication: standIn(1), signature: standIn(2), technical: standIn(3) },
}

/** Sends hexadecimal, gets hexadecimal, as it stands on the line. */
export async function say(card: Card, ...commands: readonly string[]): Promise<string> {
  let answer = ''
  for (const command of commands) answer = toHex(await card.transmit(hex(command)))
  return answer
}

/** As a reader driver does: fetches by GET RESPONSE what 61xx announces. Status 0 is a card that said nothing. */
export async function exchange(card: Card, command: string): Promise<{ readonly status: number; readonly data: Uint8Array }> {
  let { status = 0, data } = readAnswer(await card.transmit(hex(command)))
  while (status >> 8 === 0x61) {
    const more = readAnswer(await card.transmit(Uint8Array.of(0, 0xc0, 0, 0, status & 0xff)))
    data = concat(data, more.data)
    status = more.status ?? 0
  }
  return { status, data }
}

/** A small generator of random numbers that a seed repeats (mulberry32); whole numbers below `limit`. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}
