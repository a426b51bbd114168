/** CPS cards: CPS3 (IAS-ECC, contacts and antenna) and CPS4 (ChipDoc, contacts). */
export { type Cps3, type Cps3Options, type Cps3Purpose, createCps3 } from './cps3.ts'
export { type Cps4, type Cps4Options, type Cps4Purpose, createCps4 } from './cps4.ts'
export type { CpsIdentity } from './identity.ts'
