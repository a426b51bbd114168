import { add, fault, remove, set } from './fault.ts'

/** Faults of the authorization response (RFC 6749 §4.1.2, RFC 9207). */
export const authorizationResponse = {
  wrongState: () =>
    fault(
      'authorization.wrong-state',
      'authorization.response',
      'Le paramètre state est un autre que celui de la demande',
      set('state', { ref: 'fresh' }),
    ),
  missingState: () => fault('authorization.missing-state', 'authorization.response', 'Le paramètre state est absent', remove('state')),
  wrongIssuer: () =>
    fault(
      'authorization.wrong-issuer',
      'authorization.response',
      'Le paramètre iss désigne un autre fournisseur',
      set('iss', { ref: 'other-issuer' }),
    ),
  missingIssuer: () =>
    fault('authorization.missing-issuer', 'authorization.response', 'Le paramètre iss, pourtant annoncé, est absent', remove('iss')),
  withUnknownParameters: () =>
    fault(
      'authorization.unknown-parameters',
      'authorization.response',
      'La réponse porte des paramètres inconnus',
      add('session_state', { ref: 'fresh' }),
      add('hospicert_unknown', 'à ignorer'),
    ),
  /** An error whose description tries to be code in the page. */
  hostileDescription: () =>
    fault(
      'authorization.hostile-description',
      'authorization.response',
      'Le fournisseur répond par une erreur dont la description contient du HTML',
      remove('code'),
      add('error', 'server_error'),
      add('error_description', '<b id="hospicert-injection">hospicert</b><script>window.hospicert=1</script>'),
    ),
  /** The answer stays on a page of the provider, as a link, instead of going back by itself: it can be carried elsewhere. */
  held: () =>
    fault('authorization.held', 'authorization.response', 'La réponse est retenue chez le fournisseur, puis ouverte ailleurs', {
      op: 'drop',
      path: '',
    }),
  /** An error instead of a code; the error parameters of RFC 6749 §4.1.2.1. */
  error: (error: string, description: string) =>
    fault(
      `authorization.error-${error}`,
      'authorization.response',
      `Le fournisseur répond par l'erreur « ${error} »`,
      remove('code'),
      add('error', error),
      add('error_description', description),
    ),
}
