import type { Fault, OpSite } from '#core/fault.ts'
import { add, fault, remove, set } from './fault.ts'

/** The fault holds for these logins of the scene; for all of them when none is named. */
function during(logins: readonly number[], made: Fault<OpSite>): Fault<OpSite> {
  return logins.length > 0 ? { ...made, during: logins } : made
}

/** Published keys that change (OpenID Connect Core 1.0 §10.1.1), and the tokens that they sign. */
export const keys = {
  announced: (...logins: number[]) =>
    during(logins, fault('jwks.announced', 'jwks', 'La clé de la rotation est publiée à côté des autres', add('keys.4', { ref: 'next-jwk' }))),
  replaced: (...logins: number[]) =>
    during(logins, fault('jwks.replaced', 'jwks', "La clé de la rotation est publiée à la place de l'ancienne", set('keys.0', { ref: 'next-jwk' }))),
  signsWithNext: (...logins: number[]) =>
    during(
      logins,
      fault('id_token.next-key', 'id_token.key', 'Le jeton est signé par la clé que la rotation apporte', {
        op: 'replace-key',
        path: '',
        key: 'next',
        alg: 'agreed',
        kid: { ref: 'next-kid' },
      }),
    ),
  oversized: () =>
    fault('jwks.oversized', 'http', 'Le jeu de clés est suivi de huit millions de blancs', {
      op: 'answer',
      path: '',
      on: 'jwks',
      padding: 8_000_000,
    }),
  onlyOne: () => fault('jwks.only-one', 'jwks', 'Une seule clé est publiée', remove('keys.3'), remove('keys.2'), remove('keys.1')),
  signsWithoutKid: () => fault('id_token.without-kid', 'id_token.header', 'Le jeton ne nomme pas sa clé (kid)', remove('kid')),
}
