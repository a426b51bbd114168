import { randomBytes } from 'node:crypto'
import type { Card } from '#core/device.ts'
import type { Command, Reply } from '../os/apdu.ts'
import { equal } from '../os/bytes.ts'
import type { Execute } from '../os/exchange.ts'
import { createFace, type Supply } from '../os/face.ts'
import { createFileSystem } from '../os/files.ts'
import { type Chip, openSession } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { executeChipDoc } from './chipdoc.ts'
import { createTer, TER_CLASS, terFiles } from './cps2ter.ts'
import { cps4Files } from './cps4-files.ts'
import { createHolder, type HolderCode } from './holder.ts'
import { classError } from './ias.ts'
import type { CpsCredentials, CpsIdentity } from './identity.ts'
import { AID, ATR } from './profile.ts'

export type Cps4Purpose = 'authentication' | 'signature'

export interface Cps4Options extends CpsCredentials<Cps4Purpose> {
  readonly identity: CpsIdentity
  /** Four to eight digits. */
  readonly pin: string
  readonly unblockingCode?: string
  /** Cards of the trial, and those that only speak T=0, say another answer to reset. */
  readonly issue?: 'current' | 'candidate' | 'only-t0'
  readonly random?: (length: number) => Uint8Array
}

/** A CPS4; behind its antenna there is a DESFire chip, which is another card object. */
export interface Cps4 {
  readonly contact: Card
  readonly code: HolderCode
}

const ATRS = { current: ATR.cps4, candidate: ATR.cps4Candidate, 'only-t0': ATR.cps4OnlyT0 } as const

/**
 * A CPS4 in its contacts: the ChipDoc application on logical channel 1, the CPS2ter part and the issuer's domain on the basic channel
 * (ISO/IEC 7816-4 §5.4.2 for channels). ChipDoc knows RSA-PSS and has no INTERNAL AUTHENTICATE.
 */
export function createCps4(options: Cps4Options): Cps4 {
  const random = options.random ?? ((length: number) => new Uint8Array(randomBytes(length)))
  const holder = createHolder(options.pin, options.unblockingCode)
  const chip: Chip = { files: createFileSystem(cps4Files(options, holder.codes)), environments: holder.environments, random }
  const supply: Supply = { face: undefined }

  function open(): Execute {
    const session = openSession(chip, 'contact')
    holder.begin(session)
    const chipDoc = executeChipDoc(session)
    const ter = createTer(terFiles(options.identity.situations), holder.codes[0], session.verified)
    let asleep = false
    const onChannel1 = (command: Command): Reply => {
      if (command.ins === 0xa4 && command.p1 === 0x04) {
        if (equal(command.data, AID.issuer)) {
          asleep = true
          return { status: SW.OK }
        }
        const reply = chipDoc(command)
        if (reply.status === SW.OK) asleep = false
        return reply
      }
      return asleep ? { status: SW.CONDITIONS_NOT_SATISFIED } : chipDoc(command)
    }
    return (command) => {
      if (command.cla === TER_CLASS) return ter(command)
      const status = classError(command.cla, [0, 1])
      if (status !== undefined) return { status }
      return command.cla === 1 ? onChannel1(command) : onBasicChannel(command)
    }
  }
  return {
    contact: createFace({
      atr: ATRS[options.issue ?? 'current'],
      protocol: 'T=0',
      face: 'contact',
      supply,
      open,
      close: () => holder.begin(undefined),
    }),
    code: holder.view,
  }
}

/** SELECT by name of what is there, and MANAGE CHANNEL (ISO/IEC 7816-4 §7.1.2), whose channel 1 is always open. */
function onBasicChannel({ ins, p1, p2, data, le }: Command): Reply {
  if (ins === 0xa4 && p1 === 0x04) return { status: [AID.cps2ter, AID.issuer].some((name) => equal(name, data)) ? SW.OK : SW.FILE_NOT_FOUND }
  if (ins === 0x70 && p1 === 0x00 && p2 === 0x00) return le === undefined ? { status: SW.WRONG_LENGTH } : { status: SW.OK, data: Uint8Array.of(1) }
  if (ins === 0x70) return { status: p1 === 0x80 && p2 === 0x01 ? SW.OK : SW.WRONG_PARAMETERS }
  return { status: SW.UNKNOWN_CLASS }
}
