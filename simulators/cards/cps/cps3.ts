import { randomBytes } from 'node:crypto'
import type { Card } from '#core/device.ts'
import type { Face } from '../os/access.ts'
import type { Execute } from '../os/exchange.ts'
import { createFace, type Supply } from '../os/face.ts'
import { createFileSystem } from '../os/files.ts'
import { type Chip, openSession } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { createTer, TER_CLASS, terFiles } from './cps2ter.ts'
import { cps3Files } from './cps3-files.ts'
import { createHolder, type HolderCode } from './holder.ts'
import { executeIas } from './ias.ts'
import type { CpsCredentials, CpsIdentity } from './identity.ts'
import { ATR, ATS } from './profile.ts'

export type Cps3Purpose = 'authentication' | 'signature' | 'technical'

export interface Cps3Options extends CpsCredentials<Cps3Purpose> {
  readonly identity: CpsIdentity
  /** Four to eight digits. */
  readonly pin: string
  /** Unblocks the holder's code; fictional default. */
  readonly unblockingCode?: string
  /** Identifier of the contactless chip, four or seven bytes. */
  readonly uid?: Uint8Array
  /** EF_ACTUA (D010); a card has none when it is issued. */
  readonly update?: Uint8Array
  /** Which part answers class 00 after power-on: with `cps2ter` it is unknown (6E00) until the IAS-ECC application is selected by name. */
  readonly startsIn?: 'ias' | 'cps2ter'
  readonly random?: (length: number) => Uint8Array
}

/** A CPS card: the same chip behind its contacts and its antenna. */
export interface Cps3 {
  readonly contact: Card
  /** `uid`: what a contactless reader tells of it; the reader answers FF CA, not the card. */
  readonly contactless: Card & { readonly uid: Uint8Array; readonly ats: Uint8Array }
  readonly code: HolderCode
}

/**
 * A CPS3 (IAS-ECC 1.0.1): contacts with the holder's code, antenna without any, CPS2ter part behind class A0. Both faces share files, keys
 * and counters; each has its own rules, and what these do not allow is refused.
 */
export function createCps3(options: Cps3Options): Cps3 {
  const { uid = Uint8Array.of(0x04, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0x80), random = (length) => new Uint8Array(randomBytes(length)) } = options
  const holder = createHolder(options.pin, options.unblockingCode)
  const chip: Chip = { files: createFileSystem(cps3Files(options, holder.codes)), environments: holder.environments, random }
  const supply: Supply = { face: undefined }

  const open = (face: Face) => (): Execute => {
    const session = openSession(chip, face)
    holder.begin(face === 'contact' ? session : undefined)
    const ias = executeIas(session)
    const ter = face === 'contact' ? createTer(terFiles(options.identity.situations), holder.codes[0], session.verified) : undefined
    let awake = options.startsIn !== 'cps2ter'
    return (command) => {
      if (ter && command.cla === TER_CLASS) return ter(command)
      const byName = command.ins === 0xa4 && command.p1 === 0x04
      if (!awake && command.cla === 0 && !byName) return { status: SW.UNKNOWN_CLASS }
      const reply = ias(command)
      if (byName && reply.status === SW.OK) awake = true
      return reply
    }
  }
  const face = (name: Face, atr: Uint8Array, protocol: 'T=0' | 'T=1') =>
    createFace({ atr, protocol, face: name, supply, open: open(name), close: () => holder.begin(undefined) })
  return {
    contact: face('contact', ATR.cps3, 'T=0'),
    contactless: { ...face('contactless', ATR.cps3Contactless, 'T=1'), uid, ats: ATS },
    code: holder.view,
  }
}
