import { digits } from '../hex.ts'

/** Status words (ISO/IEC 7816-4 §5.6), and those of the CPS2ter face (94xx, 98xx, 9Fxx: GSM 11.11 §9.4). French. */
const EXACT: Readonly<Record<number, string>> = {
  36864: 'accepté',
  25217: 'données peut-être corrompues',
  25218: 'fin du fichier avant la longueur demandée',
  25219: 'fichier désactivé',
  25221: 'fichier en état de fin de vie',
  25344: 'vérification échouée',
  25600: "erreur d'exécution, rien de changé",
  25985: 'erreur de mémoire',
  26368: 'longueur fausse',
  26753: 'canal logique refusé',
  26754: 'messagerie sécurisée refusée',
  26755: 'dernière commande de la chaîne attendue',
  26756: 'chaînage refusé',
  27009: 'incompatible avec la structure du fichier',
  27010: 'condition de sécurité non remplie',
  27011: 'code bloqué',
  27012: 'donnée de référence inutilisable',
  27013: "conditions d'utilisation non remplies",
  27014: 'pas de fichier courant',
  27015: 'objet de messagerie sécurisée absent',
  27016: 'objet de messagerie sécurisée faux',
  27264: 'données incorrectes',
  27265: 'fonction non prise en charge',
  27266: 'fichier ou application introuvable',
  27267: 'enregistrement introuvable',
  27268: 'mémoire insuffisante',
  27270: 'P1-P2 incorrects',
  27271: 'Lc incohérent avec P1-P2',
  27272: 'donnée de référence introuvable',
  27392: 'P1-P2 faux',
  27904: 'instruction inconnue',
  28160: 'classe inconnue',
  28416: 'erreur sans précision',
  37892: 'fichier introuvable',
  38916: 'code refusé',
  38976: 'code bloqué',
}

/** Meaning of a status word; null when no standard gives it one. */
export function meaningOf(word: number): string | null {
  const exact = EXACT[word]
  if (exact !== undefined) return exact
  const [sw1, sw2] = [word >> 8, word & 0xff]
  if (sw1 === 0x61) return `${sw2 || 256} octets à chercher`
  if (sw1 === 0x6c) return `Le faux, ${sw2 || 256} octets disponibles`
  if (sw1 === 0x9f) return `${sw2 || 256} octets à chercher`
  if ((word & 0xfff0) === 0x63c0) return `code refusé, ${sw2 & 0x0f} ${(sw2 & 0x0f) > 1 ? 'essais restants' : 'essai restant'}`
  return sw1 === 0x62 || sw1 === 0x63 ? 'avertissement' : null
}

/** `9000 accepté` */
export function sayStatusWord(word: number): string {
  return `${digits(word, 4)} ${meaningOf(word) ?? 'sens inconnu'}`
}
