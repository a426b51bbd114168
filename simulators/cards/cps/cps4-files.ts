import { ALWAYS, NEVER, type Rules, rule, user } from '../os/access.ts'
import { concat, hex, utf8 } from '../os/bytes.ts'
import type { SecretCode } from '../os/codes.ts'
import { der } from '../os/der.ts'
import type { CardKey, DedicatedFile, ElementaryFile } from '../os/files.ts'
import { tlv } from '../os/tlv.ts'
import type { Cps4Options } from './cps4.ts'
import { serialFile } from './identity.ts'
import { certificate, code, dataObject, objectDirectory, pathOf, privateKey, tokenInfo, USAGE } from './pkcs15.ts'
import { AID, CODE, ENVIRONMENT, KEY4 } from './profile.ts'

const FREE: Rules = { contact: rule(0x7b, NEVER, NEVER, NEVER, NEVER, NEVER, ALWAYS) }
const HOLDER = user(ENVIRONMENT.holder)
const WITH_CODE: Rules = { contact: rule(0x7b, NEVER, NEVER, NEVER, NEVER, NEVER, HOLDER) }
const SHUT: Rules = { contact: rule(0x02, NEVER) }
/** What a CPS4 tells of its CPS2ter part. */
const TER_LABELS = ['CPS2TER_ATR', 'CPS2TER_ID', 'CPS2TER_ICC', 'CPS2TER_NAME', 'CPS2TER_LANG', 'CPS2TER_PSINFO', 'CPS2TER_DIRAMO'] as const

/** The files of a CPS4. Application names, key references and labels are those of real cards; the rest of the layout is ours. */
export function cps4Files(options: Cps4Options, codes: readonly SecretCode[]): DedicatedFile {
  const { identity, certificates, keys } = options
  const file = (fid: number, content: Uint8Array, rules = FREE, sfi?: number): ElementaryFile => ({
    kind: 'ef',
    fid,
    content: Uint8Array.from(content),
    rules,
    ...(sfi !== undefined && { sfi }),
  })
  const key = (reference: number, purpose: keyof Cps4Options['keys'], mode: number): CardKey => ({
    reference,
    rules: { contact: rule(mode, ...[0x40, 0x10].filter((bit) => mode & bit).map(() => HOLDER)) },
    key: keys[purpose],
    modulusBytes: (keys[purpose].asymmetricKeyDetails?.modulusLength ?? 2048) / 8,
  })
  const id = (number: number) => concat(AID.contact, Uint8Array.of(number))
  const situations = identity.situations.slice(0, 16)
  const application: DedicatedFile = {
    kind: 'df',
    fid: 1,
    name: AID.contact,
    rules: SHUT,
    keys: [key(KEY4.signature, 'signature', 0x40), key(KEY4.authentication, 'authentication', 0x50)],
    files: [
      file(0x5031, objectDirectory(1, { keys: 0x7001, certificates: 0x7002, data: 0x7003, codes: 0x7004 })),
      file(0x5032, tokenInfo({ label: `CPS4v1-${identity.cardNumber}`, login: true, algorithms: false })),
      file(
        0x7001,
        concat(
          privateKey({ label: 'CPS_PRIV_SIG', id: id(1), usage: [USAGE.nonRepudiation], reference: KEY4.signature, auth: 1 }),
          privateKey({ label: 'CPS_PRIV_AUT', id: id(2), usage: [USAGE.decrypt, USAGE.sign], reference: KEY4.authentication, auth: 1 }),
        ),
      ),
      file(0x7002, concat(certificate('CPS_PUB_SIG', id(1), pathOf(1, 0xa001)), certificate('CPS_PUB_AUT', id(2), pathOf(1, 0xa002)))),
      file(
        0x7003,
        concat(
          dataObject('CPS_ID_CARD', pathOf(1, 0xd111)),
          dataObject('CPS_NAME_PS', pathOf(1, 0xd112)),
          ...TER_LABELS.map((label, index) => dataObject(label, pathOf(1, 0xd130 + index))),
          ...situations.map((_, index) => dataObject(`CPS_ACTIVITY_${String(index + 1).padStart(2, '0')}_PS`, pathOf(1, 0xd120 + index), 1)),
        ),
      ),
      file(0x7004, code('Code porteur', 1, CODE.holder)),
      file(0xa001, certificates.signature),
      file(0xa002, certificates.authentication),
      file(0xd111, der.sequence(der.integer(0), der.text('CPS'), der.text(identity.cardNumber))),
      file(0xd112, der.sequence(der.text(identity.familyName), der.text(identity.givenName))),
      ...situations.map((text, index) => file(0xd120 + index, der.sequence(der.text(text)), WITH_CODE)),
      ...TER_LABELS.map((label, index) => file(0xd130 + index, der.sequence(der.text(label)))),
    ],
  }
  return {
    kind: 'df',
    fid: 0x3f00,
    name: AID.root,
    rules: SHUT,
    codes,
    files: [
      file(0x2f00, tlv(0x61, tlv(0x4f, AID.contact), tlv(0x50, utf8('CPS')), tlv(0x51, hex('3F000001'))), FREE, 0x1e),
      file(0xd003, serialFile(identity.cardNumber), FREE, 0x1c),
      application,
    ],
  }
}
