import type { Json } from '#core/fault.ts'
import { add, fault, remove, set } from './fault.ts'

/** Faults of the ID Token (OpenID Connect Core 1.0 §2 and §3.1.3.7). */
export const idToken = {
  wrongIssuer: () =>
    fault('id_token.wrong-issuer', 'id_token.claims', "L'émetteur (iss) est un autre que celui attendu", set('iss', { ref: 'other-issuer' })),
  missingIssuer: () => fault('id_token.missing-issuer', 'id_token.claims', "L'émetteur (iss) est absent", remove('iss')),
  wrongAudience: () =>
    fault('id_token.wrong-audience', 'id_token.claims', "L'audience (aud) n'est pas le client", set('aud', { ref: 'unknown-client' })),
  otherClientAudience: () =>
    fault(
      'id_token.other-client-audience',
      'id_token.claims',
      "L'audience (aud) est un autre client du même fournisseur",
      set('aud', { ref: 'other-client' }),
    ),
  missingAudience: () => fault('id_token.missing-audience', 'id_token.claims', "L'audience (aud) est absente", remove('aud')),
  extraAudience: () =>
    fault(
      'id_token.extra-audience',
      'id_token.claims',
      "L'audience (aud) compte un second client inconnu, et azp est absent",
      set('aud', { ref: 'own-and-unknown-client' }),
      remove('azp'),
    ),
  audienceAsArray: () =>
    fault('id_token.audience-as-array', 'id_token.claims', "L'audience (aud) est un tableau à un élément", set('aud', { ref: 'own-client-array' })),
  wrongAuthorizedParty: () =>
    fault('id_token.wrong-azp', 'id_token.claims', 'La partie autorisée (azp) est un autre client', set('azp', { ref: 'other-client' })),
  missingSubject: () => fault('id_token.missing-subject', 'id_token.claims', 'Le sujet (sub) est absent', remove('sub')),
  expired: (secondsAgo = 3600) =>
    fault(
      'id_token.expired',
      'id_token.claims',
      `Le jeton a expiré il y a ${Math.round(secondsAgo / 60)} minutes (exp)`,
      set('exp', { now: -secondsAgo }),
    ),
  missingExpiry: () => fault('id_token.missing-expiry', 'id_token.claims', "L'expiration (exp) est absente", remove('exp')),
  notYetValid: (secondsAhead = 3600) =>
    fault(
      'id_token.not-yet-valid',
      'id_token.claims',
      `Le jeton n'est valable que dans ${Math.round(secondsAhead / 60)} minutes (nbf)`,
      add('nbf', { now: secondsAhead }),
    ),
  wrongNonce: () => fault('id_token.wrong-nonce', 'id_token.claims', "Le nonce n'est pas celui de la demande", set('nonce', { ref: 'fresh' })),
  missingIssuedAt: () => fault('id_token.missing-issued-at', 'id_token.claims', "La date d'émission (iat) est absente", remove('iat')),
  missingNonce: () => fault('id_token.missing-nonce', 'id_token.claims', 'Le nonce de la demande est absent du jeton', remove('nonce')),
  replayedNonce: () =>
    fault('id_token.replayed-nonce', 'id_token.claims', "Le nonce est celui d'une connexion précédente", set('nonce', { ref: 'previous-nonce' })),
  missingAcr: () => fault('id_token.missing-acr', 'id_token.claims', 'Le niveau (acr) est absent', remove('acr')),
  acr: (value: string) => fault(`id_token.acr-${value}`, 'id_token.claims', `Le niveau (acr) vaut « ${value} »`, set('acr', value)),
  acrAsList: () => fault('id_token.acr-list', 'id_token.claims', 'Le niveau (acr) est une liste', set('acr', ['eidas1'])),
  unknownClaims: () =>
    fault(
      'id_token.unknown-claims',
      'id_token.claims',
      'Le jeton porte des revendications inconnues',
      add('hospicert_unknown', { nested: [1, null, 'é'] } as unknown as Json),
      add('x-vendor', true),
    ),
  foreignSignature: () =>
    fault('id_token.foreign-signature', 'id_token.key', 'La signature est faite par une clé qui n’est pas celle du fournisseur, sous son kid', {
      op: 'replace-key',
      path: '',
      key: 'foreign',
      alg: 'agreed',
    }),
  unknownKey: () =>
    fault('id_token.unknown-key', 'id_token.key', 'Le jeton est signé par une clé non publiée, annoncée par un kid inconnu', {
      op: 'replace-key',
      path: '',
      key: 'foreign',
      alg: 'agreed',
      kid: 'hospicert-unknown-key',
    }),
  algNone: () =>
    fault('id_token.alg-none', 'id_token.key', 'Le jeton n’est pas signé (alg « none »)', { op: 'replace-key', path: '', key: 'none', alg: 'none' }),
  hmacWithClientSecret: () =>
    fault('id_token.hs256-client-secret', 'id_token.key', 'Le jeton est authentifié en HS256 avec le secret du client, au lieu de RS256', {
      op: 'replace-key',
      path: '',
      key: 'client-secret',
      alg: 'HS256',
    }),
  alteredSignature: () =>
    fault('id_token.altered-signature', 'id_token.compact', 'Un bit de la signature est inversé', { op: 'flip-bit', path: 'signature', bit: 5 }),
}
