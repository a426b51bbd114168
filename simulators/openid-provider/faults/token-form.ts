import { add, fault, set } from './fault.ts'

/** What is unusual about an ID token beside one wrong claim: its header, its form, its size, claims that the honest one does not have. */
export const tokenForm = {
  /** Expired this long ago, during one login of the scene. */
  expiredFor: (secondsAgo: number, login: number) => ({
    ...fault(`id_token.expired-for-${secondsAgo}`, 'id_token.claims', `Jeton expiré depuis ${secondsAgo} s`, set('exp', { now: -secondsAgo })),
    during: [login],
  }),
  foreignWithoutKid: () =>
    fault('id_token.foreign-without-kid', 'id_token.key', 'Le jeton est signé par une clé non publiée, et ne nomme pas sa clé (kid)', {
      op: 'replace-key',
      path: '',
      key: 'foreign',
      alg: 'agreed',
      kid: null,
    }),
  wrongAccessTokenHash: () =>
    fault('id_token.wrong-at-hash', 'id_token.claims', "L'empreinte du jeton d'accès (at_hash) est fausse", add('at_hash', { ref: 'fresh' })),
  duplicateSubject: () =>
    fault('id_token.duplicate-subject', 'id_token.claims', 'Le sujet (sub) figure deux fois ; le second est une autre personne', {
      op: 'repeat',
      path: 'sub',
      value: { ref: 'other-subject' },
    }),
  encryptedTheOldWay: () =>
    fault('id_token.encrypted-rsa1-5', 'id_token.compact', 'Le jeton, bien signé, est enveloppé dans un chiffrement RSA1_5', {
      op: 'encrypt',
      path: '',
      alg: 'RSA1_5',
    }),
  /** The header claims to be about somebody else; the payload stays honest. */
  identityInHeader: () =>
    fault(
      'id_token.identity-in-header',
      'id_token.header',
      "L'en-tête porte l'identité d'une autre personne",
      add('sub', { ref: 'other-subject' }),
      add('acr', '0'),
    ),
  subjectInHeader: () =>
    fault('id_token.subject-in-header', 'id_token.header', "Le sujet (sub) est dans l'en-tête", add('sub', { fill: '{subject}' })),
  unknownHeaderMembers: () =>
    fault('id_token.unknown-header', 'id_token.header', "L'en-tête porte un membre inconnu", add('hospicert_unknown', 'à ignorer')),
  large: () => fault('id_token.large', 'id_token.claims', 'Le jeton compte plus de 8 kilo-octets', add('hospicert_padding', 'x'.repeat(8192))),
}
