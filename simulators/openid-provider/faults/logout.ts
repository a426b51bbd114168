import { fault, remove, set } from './fault.ts'

/** Faults of the return from logout (OpenID Connect RP-Initiated Logout 1.0 §3). */
export const logout = {
  withoutState: () => fault('logout.without-state', 'logout', 'Le retour de déconnexion ne porte pas le state envoyé', remove('state')),
  otherState: () => fault('logout.other-state', 'logout', 'Le retour de déconnexion porte un autre state', set('state', { ref: 'fresh' })),
  /** The browser stays on a page of the provider. */
  noReturn: () => fault('logout.no-return', 'logout', 'Le fournisseur garde le navigateur après la déconnexion', { op: 'drop', path: '' }),
  noEndpoint: () =>
    fault('logout.no-endpoint', 'discovery', 'Le document de découverte n’annonce pas de point de déconnexion', remove('end_session_endpoint')),
}
