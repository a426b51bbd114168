import { MODE } from '../os/access.ts'
import type { Command, Reply } from '../os/apdu.ts'
import { changeCode, unblock, verify } from '../os/code-commands.ts'
import type { Execute } from '../os/exchange.ts'
import { readBinary, type SelectStyle, select, updateBinary } from '../os/file-commands.ts'
import { applyPrivate, digestInfo, signPkcs1, signPss } from '../os/rsa.ts'
import { digestBytes, type HashName } from '../os/running-hash.ts'
import { allowed, type Session } from '../os/session.ts'
import { SW } from '../os/status.ts'
import { parseTlvs } from '../os/tlv.ts'

const STYLE: SelectStyle = { template: 0x6f, describing: [0x00] }
/** Algorithm bytes of a signature template (tag 91). */
const ALGORITHMS: Readonly<Record<number, { readonly hash: HashName; readonly pss: boolean }>> = {
  10: { hash: 'sha1', pss: false },
  21: { hash: 'sha1', pss: true },
  40: { hash: 'sha256', pss: false },
  44: { hash: 'sha256', pss: true },
}
const SIGNATURE = 0xb6
const CONFIDENTIALITY = 0xb8

/** Carries out the commands of the ChipDoc application; their class is already right. */
export function executeChipDoc(session: Session): Execute {
  return (command) => {
    switch (command.ins) {
      case 0x20:
        return verify(session, command)
      case 0x22:
        return manageEnvironment(session, command)
      case 0x24:
        return changeCode(session, command)
      case 0x2a:
        return performOperation(session, command)
      case 0x2c:
        return unblock(session, command)
      case 0xa4:
        return select(session, command, STYLE)
      case 0xb0:
        return readBinary(session, command)
      case 0xd6:
        return updateBinary(session, command)
      default:
        return { status: SW.UNKNOWN_INSTRUCTION }
    }
  }
}

/** SET of a signature template (P1-P2 81B6, tag 91: algorithm, key with the bit 0x80) or of a raw RSA key (41B8, tag 83: key). */
function manageEnvironment(session: Session, { p1, p2, data }: Command): Reply {
  const way = (p1 << 8) | p2
  if (way !== 0x81b6 && way !== 0x41b8) return { status: SW.WRONG_PARAMETERS }
  const [object, ...others] = parseTlvs(data) ?? []
  if (!object || others.length > 0) return { status: SW.WRONG_DATA }
  const [first, second] = object.value
  const signing = way === 0x81b6
  if (object.tag !== (signing ? 0x91 : 0x83) || object.value.length !== (signing ? 2 : 1)) return { status: SW.WRONG_DATA }
  const reference = (signing ? second : first) ?? 0
  if (signing && !ALGORITHMS[first ?? 0]) return { status: SW.WRONG_DATA }
  if (!keyOf(session, reference)) return { status: SW.OBJECT_NOT_FOUND }
  session.environment.set(p2, signing && first !== undefined ? { algorithm: first, key: reference } : { key: reference })
  return { status: SW.OK }
}

/** COMPUTE DIGITAL SIGNATURE of a digest, or the raw operation on a whole block, which is how ChipDoc authenticates. */
function performOperation(session: Session, { p1, p2, data }: Command): Reply {
  const way = (p1 << 8) | p2
  if (way !== 0x9e9a && way !== 0x8086) return { status: SW.WRONG_PARAMETERS }
  const signing = way === 0x9e9a
  const template = session.environment.get(signing ? SIGNATURE : CONFIDENTIALITY)
  const key = template?.key === undefined ? undefined : keyOf(session, template.key)
  if (!template || !key) return { status: SW.CONDITIONS_NOT_SATISFIED }
  if (!allowed(session, key.rules, signing ? MODE.key.sign : MODE.key.decipher)) return { status: SW.ACCESS_DENIED }
  if (!signing) return data.length === key.modulusBytes ? { status: SW.OK, data: applyPrivate(key.key, data) } : { status: SW.WRONG_LENGTH }
  const algorithm = ALGORITHMS[template.algorithm ?? 0]
  if (!algorithm) return { status: SW.CONDITIONS_NOT_SATISFIED }
  if (data.length !== digestBytes(algorithm.hash)) return { status: SW.WRONG_LENGTH }
  const signature = algorithm.pss
    ? signPss(key.key, algorithm.hash, data, key.modulusBytes * 8, session.chip.random)
    : signPkcs1(key.key, digestInfo(algorithm.hash, data))
  return { status: SW.OK, data: signature }
}

/** Keys of this application are named by seven bits, from wherever one stands in it. */
function keyOf({ chip, directory }: Session, reference: number) {
  const nested = chip.files.root.files.flatMap((file) => (file.kind === 'df' ? (file.keys ?? []) : []))
  return [...(directory.keys ?? []), ...nested].find((key) => key.reference === (reference & 0x7f))
}
