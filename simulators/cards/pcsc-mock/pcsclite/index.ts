/** The API of `@pokusew/pcsclite` 0.6 (and of its elder `pcsclite`) over virtual readers, so that `nfc-pcsc` runs on them. */
import { system } from '../reader/system.ts'
import { type PCSCLite, pcscliteOver } from './pcsclite.ts'

/** The binding over {@link system}: call it as the package's own default export. */
export default function pcsclite(): PCSCLite {
  return pcscliteOver(system)
}

export { type CardReader, type PCSCLite, pcscliteOver, type ReaderStatus } from './pcsclite.ts'
