import { defineModule, observed, scenario } from '#core/module.ts'

/** One row for each thing that can be wrong with a logout token. */
export default defineModule({
  id: 'rp/back-channel-logout/invalid',
  title: 'Un jeton de déconnexion qui n’est pas valable est refusé, et la session reste ouverte',
  requirements: ['oidc-backchannel@1.0/2.6-claims', 'oidc-backchannel@1.0/2.8-status'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'back-channel-logout'] },
  control: 'rp/back-channel-logout/valid#sid-et-sub',
  when: scenario([{ step: 'sign-in' }, { step: 'back-channel-logout' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('logout-token-refused', 'session-kept'),
  // A product may wrongly close every session of the person: alone with them, lest a neighbour's session be closed.
  exclusive: 'persona',
  catches: [],
  anchors: [],
  mend: 'Contrôlez le jeton de déconnexion comme un jeton d’identité (signature, iss, aud, iat, exp), puis events, jti, sub ou sid, et l’absence de nonce ; sinon répondez 400.',
})
