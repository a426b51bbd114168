/** Every misbehaviour of a card that has a name, by what it bends. A fault is one deviation; everything else about the card stays honest. */
import type { CardExchange, CardFault, CardSite, Json, Symbolic } from '#core/fault.ts'

type When = Pick<CardExchange, 'nth' | 'times'>

const fault = (id: string, site: CardSite, title: string, ...edits: CardFault['edits']): CardFault => ({ id, title, site, edits })
const set = (path: string, value: Json | Symbolic) => ({ op: 'set', path, value }) as const
const exchange = (edit: Omit<CardExchange, 'op' | 'path'>): CardExchange => ({ op: 'exchange', path: '', ...edit })

/** `INTERNAL AUTHENTICATE`, by which a CPS3 proves its key. */
const AUTHENTICATE = '88'
const DAY = 86_400

/** The card in the reader. */
export const presence = {
  removedAfter: (commands: number) =>
    fault('card.removed-after', 'card.presence', `La carte est retirée après ${commands} commandes`, exchange({ nth: commands + 1, removed: true })),
  removedDuring: (on: string, nth = 1) =>
    fault(
      'card.removed-during',
      'card.response',
      `La carte est retirée pendant la commande ${on} : exécutée, sans réponse`,
      exchange({ on, nth, times: 1, removed: true }),
    ),
  second: () => fault('card.second', 'card.presence', "La carte d'une autre personne est présentée en même temps", set('cards', 2)),
}

/** What identifies the card before any cryptography. */
export const identification = {
  unknownAtr: () => fault('card.unknown-atr', 'card.atr', "La réponse à la mise sous tension est celle d'une carte inconnue", set('atr', '3B00')),
  clonedUid: () =>
    fault('card.cloned-uid', 'card.uid', "L'identifiant de la puce (UID) est celui d'une autre carte", set('uid', { ref: 'other-uid' })),
  clonedSerial: () =>
    fault('card.cloned-serial', 'card.uid', "Le numéro de série est celui d'une autre carte", set('serial', { ref: 'other-serial' })),
}

/** The key and the certificate that vouches for it. */
export const credentials = {
  wrongKey: () =>
    fault('card.wrong-key', 'card.key', "La clé d'authentification n'est pas celle du certificat", { op: 'replace-key', path: '', key: 'foreign' }),
  expired: (secondsAgo = DAY) =>
    fault('card.expired', 'card.certificate', "Le certificat d'authentification est expiré", set('notAfter', { now: -secondsAgo })),
  notYetValid: (seconds = DAY) =>
    fault('card.not-yet-valid', 'card.certificate', "Le certificat d'authentification n'est pas encore valide", set('notBefore', { now: seconds })),
  revoked: () => fault('card.revoked', 'card.certificate', "Le certificat d'authentification est révoqué", set('status', 'revoked')),
  opposed: () =>
    fault('card.opposed', 'card.certificate', 'La carte est mise en opposition : tous ses certificats sont révoqués', set('status', 'opposed')),
  otherAuthority: () => fault('card.other-authority', 'card.certificate', "Les certificats viennent d'une autre autorité", set('issuer', 'other')),
  signatureCertificate: () =>
    fault(
      'card.signature-certificate',
      'card.certificate',
      "Le certificat de signature est présenté pour l'authentification",
      set('presented', 'signature'),
    ),
}

/** What the revocation service says of honest certificates. */
export const revocation = {
  unknown: () => fault('ocsp.unknown', 'card.revocation', 'Le répondeur OCSP dit ne pas connaître le certificat', set('ocsp.status', 'unknown')),
  unsigned: () => fault('ocsp.stranger', 'card.revocation', 'La réponse OCSP est signée par un inconnu', set('ocsp.signer', 'stranger')),
  notAllowed: () =>
    fault('ocsp.signer-not-allowed', 'card.revocation', "Le certificat du répondeur OCSP ne l'y autorise pas", set('ocsp.signer', 'not-allowed')),
  aboutAnother: () => fault('ocsp.about-another', 'card.revocation', 'La réponse OCSP porte sur un autre certificat', set('ocsp.about', 'other')),
  replayed: () => fault('ocsp.other-nonce', 'card.revocation', 'La réponse OCSP répond à une autre question (nonce)', set('ocsp.nonce', 'other')),
  stale: (secondsAgo = DAY) =>
    fault(
      'ocsp.stale',
      'card.revocation',
      'La réponse OCSP est périmée',
      set('ocsp.thisUpdate', { now: -secondsAgo - 3600 }),
      set('ocsp.nextUpdate', { now: -secondsAgo }),
    ),
  early: (seconds = DAY) => fault('ocsp.early', 'card.revocation', 'La réponse OCSP vaut pour plus tard', set('ocsp.thisUpdate', { now: seconds })),
  tryLater: () => fault('ocsp.try-later', 'card.revocation', 'Le répondeur OCSP demande de revenir plus tard', set('ocsp.response', 3)),
  failing: (http = 503) => fault('ocsp.failing', 'card.revocation', `Le répondeur OCSP répond ${http}`, set('ocsp.http', http)),
  wrongType: () => fault('ocsp.wrong-type', 'card.revocation', "La réponse OCSP se dit d'un autre type", set('ocsp.type', 'text/html')),
  slow: (milliseconds: number) =>
    fault('ocsp.slow', 'card.revocation', `Le répondeur OCSP répond après ${milliseconds / 1000} s`, set('ocsp.delay', milliseconds)),
  listOver: (secondsAgo = DAY) =>
    fault('crl.over', 'card.revocation', 'La liste de révocation est périmée', set('crl.nextUpdate', { now: -secondsAgo })),
  listUnsigned: () => fault('crl.stranger', 'card.revocation', 'La liste de révocation est signée par un inconnu', set('crl.signer', 'stranger')),
  listMissing: () => fault('crl.missing', 'card.revocation', 'La liste de révocation est absente (404)', set('crl.http', 404)),
  listLong: (certificates = 300_000) =>
    fault('crl.long', 'card.revocation', `La liste de révocation compte ${certificates} certificats de plus`, set('crl.padding', certificates)),
}

/** The holder's code as earlier uses left it. */
export const pin = {
  triesLeft: (tries: 1 | 2) =>
    fault('card.pin-tries-left', 'card.pin', `Le code porteur n'a plus que ${tries} essai${tries > 1 ? 's' : ''}`, set('remaining', tries)),
  blocked: () => fault('card.pin-blocked', 'card.pin', 'Le code porteur est bloqué', set('remaining', 0)),
  inherited: () => fault('card.pin-inherited', 'card.pin', 'Un autre programme a laissé le code porteur vérifié', set('verified', true)),
}

/** Commands that the card does not carry out. `on` is the instruction in hexadecimal. */
export const command = {
  refused: (on: string, status: string, when: When = {}) =>
    fault('card.refuses', 'card.command', `La commande ${on} est refusée (${status})`, exchange({ on, status, ...when })),
  unheard: (on: string, when: When = {}) =>
    fault('card.unheard', 'card.command', `La carte ne répond pas à la commande ${on}`, exchange({ on, length: 0, ...when })),
  muteAfter: (commands: number) =>
    fault('card.mute-after', 'card.command', `La carte se tait après ${commands} commandes`, exchange({ nth: commands + 1, length: 0 })),
}

/** Answers to commands that were carried out. */
export const response = {
  status: (on: string, status: string, when: When = {}) =>
    fault('card.other-status', 'card.response', `La commande ${on}, exécutée, est dite ${status}`, exchange({ on, status, ...when })),
  truncated: (on: string, length: number, when: When = {}) =>
    fault('card.truncated', 'card.response', `La réponse à la commande ${on} est coupée après ${length} octets`, exchange({ on, length, ...when })),
  slow: (milliseconds: number, on?: string) =>
    fault(
      'card.slow',
      'card.response',
      `La carte répond après ${milliseconds / 1000} s`,
      exchange({ delay: milliseconds, ...(on !== undefined && { on }) }),
    ),
  replayed: (nth = 2, on = AUTHENTICATE) =>
    fault(
      'card.replayed',
      'card.response',
      "La signature est celle d'une authentification antérieure",
      exchange({ on, nth, times: 1, replay: true }),
    ),
  corrupted: (on = AUTHENTICATE, when: When = {}) =>
    fault('card.corrupted', 'card.response', 'Un bit de la signature est faux', exchange({ on, flip: 80, ...when })),
}
