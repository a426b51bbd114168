import { concat, hex } from '../os/bytes.ts'

/** Answers to reset of CPS cards, as the list of the official library has them (exact comparison: any other is an unknown card). */
export const ATR = {
  cps3: hex('3BAC00402A001225006480000310009000'),
  cps3Contactless: hex('3B8F80010031B86404B0ECC173940180829000 0E'),
  cps4: hex('3B9B1880010012250064800401000090 44'),
  cps4Candidate: hex('3B9B188001001225006480000401009044'),
  cps4OnlyT0: hex('3BDC18FF00001225006480000401009000'),
} as const

/** Answer to select (ISO/IEC 14443-4 §5.2): its historical bytes are those that readers show in the answer to reset; rates and times are ours. */
export const ATS = concat(hex('1478807002'), ATR.cps3Contactless.slice(4, 19))

/** Application identifiers. */
export const AID = {
  /** IAS-ECC of the CPS3, ChipDoc of the CPS4. */
  root: hex('8025000001FF0100'),
  contact: hex('E828BD080F8025000001FF0010'),
  contactless: hex('E828BD080F8025000001FF0020'),
  cps2ter: hex('8025000001FF0002'),
  /** Issuer security domain. */
  issuer: hex('A0000001510000'),
} as const

/** EF.ATR of a CPS3 (2F01): category byte, then issuer data. */
export const EF_ATR = hex(
  '80 4301B8 460404B0ECC1 4703940180 4F088025000001FF0100 E010020201040202010402020100 02020100 780806062B8122F87802 82029000',
)

/** Security environment of a CPS3 that asks for the holder's code, and the one that asks for the unblocking code. */
export const ENVIRONMENT = { holder: 5, unblocking: 3 } as const

/** References of codes, and of keys without the bit of a local reference. */
export const CODE = { holder: 1, unblocking: 2 } as const
export const KEY3 = { signature: 1, authentication: 2, technical: 3 } as const
export const KEY4 = { authentication: 0x20, signature: 0x21 } as const
