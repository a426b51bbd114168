import { add, fault, remove, set } from './fault.ts'

/** Faults of the token response (RFC 6749 §5). */
export const tokenResponse = {
  invalidGrant: () =>
    fault('token.invalid-grant', 'http', 'Le point de jeton répond invalid_grant', {
      op: 'answer',
      path: '',
      status: 400,
      body: '{"error":"invalid_grant"}',
      on: 'token',
    }),
  tokenTypeUpperCase: () => fault('token.type-upper-case', 'token.response', 'Le type de jeton est écrit « BEARER »', set('token_type', 'BEARER')),
  withoutIdToken: () => fault('token.without-id-token', 'token.response', "La réponse ne contient pas de jeton d'identité", remove('id_token')),
  withUnknownMembers: () =>
    fault('token.unknown-members', 'token.response', 'La réponse porte des membres inconnus', add('hospicert_unknown', 'à ignorer')),
  /** After a sign-in by phone; renewed tokens live on. */
  shortLifeByPhone: () => ({
    ...fault('token.short-life', 'token.response', "Le jeton d'accès ne vit qu'une seconde (expires_in)", set('expires_in', 1)),
    grant: 'urn:openid:params:grant-type:ciba' as const,
  }),
  unavailable: () =>
    fault('token.unavailable', 'http', 'Le fournisseur répond 503 sur le canal arrière', { op: 'answer', path: '', status: 503, on: 'token' }),
}
