import { ALWAYS, NEVER, type Rule, type Rules, rule, user } from '../os/access.ts'
import { concat, hex, utf8 } from '../os/bytes.ts'
import type { SecretCode } from '../os/codes.ts'
import { der } from '../os/der.ts'
import type { CardKey, DedicatedFile, ElementaryFile } from '../os/files.ts'
import { tlv } from '../os/tlv.ts'
import type { Cps3Options } from './cps3.ts'
import { serialFile } from './identity.ts'
import { ACCESS, certificate, code, dataObject, objectDirectory, pathOf, privateKey, tokenInfo, USAGE } from './pkcs15.ts'
import { AID, CODE, EF_ATR, ENVIRONMENT, KEY3 } from './profile.ts'

/** A file of a real card names its six operations; only the last one, reading, is ever allowed (FCI of EF.SN.ICC). */
const reading = (condition: number, update = NEVER): Rule => rule(0x7b, NEVER, NEVER, NEVER, NEVER, update, condition)
const HOLDER = user(ENVIRONMENT.holder)
const FREE: Rules = { contact: reading(ALWAYS), contactless: reading(ALWAYS) }
const CONTACT: Rules = { contact: reading(ALWAYS) }
const WITH_CODE: Rules = { contact: reading(HOLDER) }
const WRITABLE: Rules = { contact: reading(ALWAYS, HOLDER) }
const SHUT: Rule = rule(0x02, NEVER)
/** Size of the only object that can be written. */
const DATA_BYTES = 512
const CARD_DATA_LABELS = ['CPS_ID_CARD', 'CPS_NAME_PS', 'CPS_LANG_PS', 'CPS_INFO_PS'] as const

const file = (fid: number, content: Uint8Array, rules: Rules, sfi?: number): ElementaryFile => ({
  kind: 'ef',
  fid,
  content: Uint8Array.from(content),
  rules,
  ...(sfi !== undefined && { sfi }),
})

/**
 * The files of a CPS3. Paths, identifiers, rules and labels of keys and data objects are those of real cards; file identifiers below the
 * application (7001 apart), labels of certificates and of the technical key, and what data objects say are ours.
 */
export function cps3Files(options: Cps3Options, codes: readonly SecretCode[]): DedicatedFile {
  const { identity, keys, update } = options
  const label = `CPS3v3-${identity.cardNumber}`
  const templates: readonly (readonly [Uint8Array, string, number])[] = [
    // OpenSC 0.23 binds the second application that it knows: the one of the contacts comes last.
    [AID.contactless, 'CPS IAS CL', 2],
    [AID.contact, 'CPS IAS', 1],
  ]
  const directory = concat(
    ...templates.map(([name, text, fid]) => tlv(0x61, tlv(0x4f, name), tlv(0x50, utf8(text)), tlv(0x51, hex(`3F00000${fid}`)))),
  )
  const key = (reference: number, purpose: keyof Cps3Options['keys'], rules: Rules): CardKey => ({
    reference,
    rules,
    key: keys[purpose],
    modulusBytes: (keys[purpose].asymmetricKeyDetails?.modulusLength ?? 2048) / 8,
  })
  return {
    kind: 'df',
    fid: 0x3f00,
    name: AID.root,
    rules: { contact: SHUT, contactless: SHUT },
    codes,
    files: [
      file(0x2f00, directory, FREE, 0x1e),
      file(0x2f01, EF_ATR, FREE, 0x1d),
      file(0xd003, serialFile(identity.cardNumber), FREE, 0x1c),
      ...(update ? [file(0xd010, update, CONTACT)] : []),
      {
        kind: 'df',
        fid: 1,
        name: AID.contact,
        rules: { contact: SHUT },
        files: contactFiles(options, label),
        keys: [
          key(KEY3.signature, 'signature', { contact: rule(0x43, HOLDER, NEVER, ALWAYS) }),
          key(KEY3.authentication, 'authentication', { contact: rule(0x33, HOLDER, HOLDER, NEVER, ALWAYS) }),
        ],
      },
      {
        kind: 'df',
        fid: 2,
        name: AID.contactless,
        rules: { contact: SHUT, contactless: SHUT },
        files: contactlessFiles(options, label),
        keys: [key(KEY3.technical, 'technical', { contact: rule(0x23, ALWAYS, NEVER, ALWAYS), contactless: rule(0x23, ALWAYS, NEVER, ALWAYS) })],
      },
    ],
  }
}

function contactFiles({ identity, certificates }: Cps3Options, label: string): readonly ElementaryFile[] {
  const id = (number: number) => concat(AID.contact, Uint8Array.of(number))
  const situations = identity.situations.slice(0, 16)
  const said: Readonly<Record<(typeof CARD_DATA_LABELS)[number], Uint8Array>> = {
    CPS_ID_CARD: der.sequence(der.integer(0), der.text('CPS'), der.text(identity.cardNumber)),
    CPS_NAME_PS: der.sequence(der.text(identity.familyName), der.text(identity.givenName)),
    CPS_LANG_PS: der.sequence(der.text('fr')),
    CPS_INFO_PS: der.sequence(der.text(identity.nationalId), der.text(identity.profession)),
  }
  return [
    file(0x5031, objectDirectory(1, { keys: 0x7001, certificates: 0x7002, data: 0x7003, codes: 0x7004 }), CONTACT),
    file(0x5032, tokenInfo({ label, login: true, algorithms: true }), CONTACT),
    file(
      0x7001,
      concat(
        privateKey({
          label: 'CPS_PRIV_SIG',
          id: id(1),
          usage: [USAGE.nonRepudiation],
          reference: 0x80 | KEY3.signature,
          auth: 1,
          access: [ACCESS.sign],
        }),
        privateKey({
          label: 'CPS_PRIV_AUT',
          id: id(2),
          usage: [USAGE.decrypt, USAGE.sign],
          reference: 0x80 | KEY3.authentication,
          auth: 1,
          access: [ACCESS.decipher, ACCESS.authenticate],
        }),
      ),
      CONTACT,
    ),
    file(0x7002, concat(certificate('CPS_PUB_SIG', id(1), pathOf(1, 0xa001)), certificate('CPS_PUB_AUT', id(2), pathOf(1, 0xa002))), CONTACT),
    file(
      0x7003,
      concat(
        dataObject('CPS_DATA', pathOf(1, 0xd107)),
        ...CARD_DATA_LABELS.map((name, index) => dataObject(name, pathOf(1, 0xd111 + index))),
        ...situations.map((_, index) => dataObject(`CPS_ACTIVITY_${String(index + 1).padStart(2, '0')}_PS`, pathOf(1, 0xd120 + index), 1)),
      ),
      CONTACT,
    ),
    file(0x7004, code('Code porteur', 1, CODE.holder), CONTACT),
    file(0xa001, certificates.signature, CONTACT),
    file(0xa002, certificates.authentication, CONTACT),
    file(0xd107, new Uint8Array(DATA_BYTES), WRITABLE),
    ...CARD_DATA_LABELS.map((name, index) => file(0xd111 + index, said[name], CONTACT)),
    ...situations.map((text, index) => file(0xd120 + index, der.sequence(der.text(text)), WITH_CODE)),
  ]
}

function contactlessFiles({ identity, certificates }: Cps3Options, label: string): readonly ElementaryFile[] {
  const id = concat(AID.contactless, Uint8Array.of(1))
  return [
    file(0x5031, objectDirectory(2, { keys: 0x7001, certificates: 0x7002, data: 0x7003 }), FREE),
    file(0x5032, tokenInfo({ label, login: false, algorithms: true }), FREE),
    file(0x7001, privateKey({ label: 'CPS_PRIV_TECH', id, usage: [USAGE.sign], reference: 0x80 | KEY3.technical }), FREE),
    file(0x7002, certificate('CPS_PUB_TECH', id, pathOf(2, 0xa001)), FREE),
    file(0x7003, dataObject('CPS_ID_CARD', pathOf(2, 0xd111)), FREE),
    file(0xa001, certificates.technical, FREE),
    file(0xd111, der.sequence(der.integer(0), der.text('CPS'), der.text(identity.cardNumber)), FREE),
  ]
}
