import { fault, remove } from './fault.ts'

/** Faults of the return from logout (OpenID Connect RP-Initiated Logout 1.0 §3). */
export const logout = {
  withoutState: () => fault('logout.without-state', 'logout', 'Le retour de déconnexion ne porte pas le state envoyé', remove('state')),
}
