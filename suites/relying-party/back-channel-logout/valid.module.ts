import { defineModule, observed, scenario } from '#core/module.ts'

/** One row for each shape of a valid logout token. */
export default defineModule({
  id: 'rp/back-channel-logout/valid',
  title: 'Un jeton de déconnexion valable ferme la session',
  requirements: ['oidc-backchannel@1.0/2.7-local-session', 'oidc-backchannel@1.0/2.8-status'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'back-channel-logout'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'back-channel-logout' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('logout-token-accepted', 'session-closed'),
  // A product may wrongly close every session of the person: alone with them, lest a neighbour's session be closed.
  exclusive: 'persona',
  catches: ['logout-notice-ignored'],
  anchors: ['LGO-04'],
  mend: 'Retrouvez la session par sid (ou par sub s’il est seul), fermez-la côté serveur, puis répondez 200.',
})
