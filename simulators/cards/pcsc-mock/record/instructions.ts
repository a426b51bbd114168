/** Names of instructions: ISO/IEC 7816-4 §7 and 7816-8 §5 and 7816-9 §6, with the ones IAS-ECC cards use. */
export const INSTRUCTIONS: Readonly<Record<number, string>> = {
  4: 'DEACTIVATE FILE',
  14: 'ERASE BINARY',
  32: 'VERIFY',
  33: 'VERIFY',
  34: 'MANAGE SECURITY ENVIRONMENT',
  36: 'CHANGE REFERENCE DATA',
  37: 'CHANGE REFERENCE DATA',
  38: 'DISABLE VERIFICATION REQUIREMENT',
  40: 'ENABLE VERIFICATION REQUIREMENT',
  42: 'PERFORM SECURITY OPERATION',
  44: 'RESET RETRY COUNTER',
  45: 'RESET RETRY COUNTER',
  68: 'ACTIVATE FILE',
  70: 'GENERATE ASYMMETRIC KEY PAIR',
  71: 'GENERATE ASYMMETRIC KEY PAIR',
  112: 'MANAGE CHANNEL',
  130: 'EXTERNAL AUTHENTICATE',
  132: 'GET CHALLENGE',
  134: 'GENERAL AUTHENTICATE',
  135: 'GENERAL AUTHENTICATE',
  136: 'INTERNAL AUTHENTICATE',
  160: 'SEARCH BINARY',
  164: 'SELECT',
  176: 'READ BINARY',
  177: 'READ BINARY',
  178: 'READ RECORD',
  179: 'READ RECORD',
  192: 'GET RESPONSE',
  194: 'ENVELOPE',
  202: 'GET DATA',
  203: 'GET DATA',
  208: 'WRITE BINARY',
  210: 'WRITE RECORD',
  214: 'UPDATE BINARY',
  215: 'UPDATE BINARY',
  218: 'PUT DATA',
  219: 'PUT DATA',
  220: 'UPDATE RECORD',
  224: 'CREATE FILE',
  226: 'APPEND RECORD',
  228: 'DELETE FILE',
  230: 'TERMINATE DF',
  232: 'TERMINATE EF',
  254: 'TERMINATE CARD USAGE',
}

/** What PERFORM SECURITY OPERATION does, by P1-P2 (ISO/IEC 7816-8 §5.4). */
export const SECURITY_OPERATIONS: Readonly<Record<number, string>> = {
  40602: 'COMPUTE DIGITAL SIGNATURE',
  32902: 'DECIPHER',
  36992: 'HASH',
  37024: 'HASH',
  34432: 'ENCIPHER',
  168: 'VERIFY DIGITAL SIGNATURE',
  174: 'VERIFY CERTIFICATE',
  190: 'VERIFY CERTIFICATE',
}

/** Control reference templates of MANAGE SECURITY ENVIRONMENT, by P2 (ISO/IEC 7816-4 §10.3.1). */
export const TEMPLATES: Readonly<Record<number, string>> = {
  164: 'AT',
  166: 'KAT',
  170: 'HT',
  180: 'CCT',
  182: 'DST',
  184: 'CT',
}

/** Commands that a contactless reader answers itself (class FF, PC/SC part 3 §3.2.2). */
export const READER_COMMANDS: Readonly<Record<number, string>> = {
  0: 'commande directe au lecteur',
  130: 'LOAD KEYS (lecteur)',
  134: 'GENERAL AUTHENTICATE (lecteur)',
  136: 'AUTHENTICATE (lecteur)',
  176: 'READ BINARY (lecteur)',
  214: 'UPDATE BINARY (lecteur)',
  202: 'GET DATA (lecteur)',
  194: 'session transparente (lecteur)',
}

/** Applications known by name; the longest match wins, so that a partial AID is told as what it begins. */
const APPLICATIONS: readonly (readonly [aid: string, name: string])[] = [
  ['8025000001FF0100', 'IAS-ECC / ChipDoc de la CPS'],
  ['8025000001FF0002', 'volet CPS2ter'],
  ['E828BD080F8025000001FF0010', 'PKCS#15 de la CPS, contact'],
  ['E828BD080F8025000001FF0020', 'PKCS#15 de la CPS, sans contact'],
  ['A000000063504B43532D3135', 'PKCS#15'],
  ['A0000001510000', 'gestionnaire GlobalPlatform'],
  ['A000000003000000', 'gestionnaire de carte'],
  ['A000000308000010000100', 'PIV'],
  ['A000000308', 'PIV'],
  ['A0000006472F0001', 'FIDO U2F'],
  ['D27600012401', 'OpenPGP'],
  ['D2760000850100', 'DESFire'],
  ['D2760000850101', 'NDEF'],
]

/** Name of an application, null when it is not a known one. */
export function applicationName(aid: string): string | null {
  if (aid.length < 10) return null
  return APPLICATIONS.find(([known]) => aid.startsWith(known) || known.startsWith(aid))?.[1] ?? null
}
