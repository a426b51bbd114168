/** CPS cards: CPS3 (IAS-ECC, contacts and antenna) and CPS4 (ChipDoc, contacts). */
export { type Cps3, createCps3 } from './cps3.ts'
export { type Cps4, createCps4 } from './cps4.ts'
export type { CpsIdentity } from './identity.ts'
