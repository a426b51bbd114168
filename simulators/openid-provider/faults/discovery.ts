import { add, fault, set } from './fault.ts'

/** Faults of the discovery document (OpenID Connect Discovery 1.0 §3 and §4). They need `exclusive: 'simulator'`. */
export const discovery = {
  wrongIssuer: () =>
    fault(
      'discovery.wrong-issuer',
      'discovery',
      "Le document annonce un autre émetteur que celui qui l'a servi",
      set('issuer', { ref: 'other-issuer' }),
    ),
  keysMoved: () =>
    fault(
      'discovery.keys-moved',
      'discovery',
      'Le document annonce une autre adresse des clés, chez le même fournisseur',
      set('jwks_uri', { fill: '{issuer}/protocol/openid-connect/certs/{flow}' }),
    ),
  unknownMembers: () => fault('discovery.unknown-members', 'discovery', 'Le document porte un membre inconnu', add('hospicert_unknown', 'à ignorer')),
  redirected: () =>
    fault('discovery.redirected', 'http', 'Le document est redirigé vers un autre hôte', {
      op: 'answer',
      path: '',
      on: 'discovery',
      status: 302,
      headers: { location: '{trap}' },
    }),
}
