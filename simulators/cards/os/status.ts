/** Status words by name (ISO/IEC 7816-4 §5.6), and those of the CPS2ter part (GSM 11.11 family) that the official library knows. */
export const SW = {
  OK: 0x9000,
  MORE_DATA: 0x6100,
  END_OF_FILE: 0x6282,
  WRONG_CODE: 0x63c0,
  WRONG_LENGTH: 0x6700,
  CHANNEL_NOT_SUPPORTED: 0x6881,
  SECURE_MESSAGING_NOT_SUPPORTED: 0x6882,
  LAST_OF_CHAIN_EXPECTED: 0x6883,
  ACCESS_DENIED: 0x6982,
  CODE_LOCKED: 0x6983,
  CONDITIONS_NOT_SATISFIED: 0x6985,
  NO_CURRENT_FILE: 0x6986,
  WRONG_DATA: 0x6a80,
  FILE_NOT_FOUND: 0x6a82,
  NO_ROOM: 0x6a84,
  WRONG_PARAMETERS: 0x6a86,
  OBJECT_NOT_FOUND: 0x6a88,
  OUTSIDE_FILE: 0x6b00,
  WRONG_LE: 0x6c00,
  UNKNOWN_INSTRUCTION: 0x6d00,
  UNKNOWN_CLASS: 0x6e00,
  NO_DIAGNOSIS: 0x6f00,
  TER_MORE_DATA: 0x9f00,
  TER_OUTSIDE_FILE: 0x9402,
  TER_FILE_NOT_FOUND: 0x9404,
  TER_WRONG_FILE_TYPE: 0x9408,
  TER_WRONG_CODE: 0x9804,
  TER_CODE_LOCKED: 0x9840,
} as const

const SENTENCES: Readonly<Record<number, string>> = {
  [SW.OK]: 'exécutée',
  [SW.END_OF_FILE]: 'fin du fichier atteinte',
  [SW.WRONG_LENGTH]: 'longueur incorrecte',
  [SW.CHANNEL_NOT_SUPPORTED]: 'canal logique inconnu',
  [SW.SECURE_MESSAGING_NOT_SUPPORTED]: 'messagerie sécurisée inconnue',
  [SW.LAST_OF_CHAIN_EXPECTED]: "fin de l'enchaînement attendue",
  [SW.ACCESS_DENIED]: "droit d'accès insuffisant",
  [SW.CODE_LOCKED]: 'code bloqué',
  [SW.CONDITIONS_NOT_SATISFIED]: "conditions d'utilisation non remplies",
  [SW.NO_CURRENT_FILE]: 'aucun fichier sélectionné',
  [SW.WRONG_DATA]: 'données incorrectes',
  [SW.FILE_NOT_FOUND]: 'fichier ou application introuvable',
  [SW.NO_ROOM]: 'place insuffisante',
  [SW.WRONG_PARAMETERS]: 'paramètres P1-P2 incorrects',
  [SW.OBJECT_NOT_FOUND]: 'objet introuvable',
  [SW.OUTSIDE_FILE]: 'hors du fichier',
  [SW.UNKNOWN_INSTRUCTION]: 'instruction inconnue',
  [SW.UNKNOWN_CLASS]: 'classe inconnue',
  [SW.NO_DIAGNOSIS]: 'erreur sans diagnostic',
  [SW.TER_OUTSIDE_FILE]: 'hors du fichier (CPS2ter)',
  [SW.TER_FILE_NOT_FOUND]: 'fichier introuvable (CPS2ter)',
  [SW.TER_WRONG_FILE_TYPE]: 'fichier inadapté à la commande (CPS2ter)',
  [SW.TER_WRONG_CODE]: 'code faux (CPS2ter)',
  [SW.TER_CODE_LOCKED]: 'code bloqué (CPS2ter)',
}

/** A status word for a person, in French. @example tellStatus(0x63c2) // '63C2 : code faux, 2 essais restants' */
export function tellStatus(status: number): string {
  const written = status.toString(16).toUpperCase().padStart(4, '0')
  const [high, low] = [status & 0xff00, status & 0xff]
  const left = low & 0x0f
  const sentence =
    SENTENCES[status] ??
    (high === SW.MORE_DATA || high === SW.TER_MORE_DATA
      ? `${low || 256} octets à lire`
      : high === SW.WRONG_LE
        ? `longueur attendue : ${low || 256} octets`
        : (status & 0xfff0) === SW.WRONG_CODE
          ? `code faux, ${left} essai${left > 1 ? 's' : ''} restant${left > 1 ? 's' : ''}`
          : 'mot d’état inconnu')
  return `${written} : ${sentence}`
}
