import { defineModule, observed, scenario } from '#core/module.ts'

/** Which sessions a logout token reaches. */
export default defineModule({
  id: 'rp/back-channel-logout/scope',
  title: 'Un jeton de déconnexion ferme la session qu’il nomme, et elle seule',
  requirements: ['oidc-backchannel@1.0/2.7-local-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'back-channel-logout'] },
  control: 'rp/back-channel-logout/valid#sid-et-sub',
  when: scenario([{ step: 'sign-in' }, { step: 'back-channel-logout' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('session-kept'),
  // A product may wrongly close every session of the person: alone with them, lest a neighbour's session be closed.
  exclusive: 'persona',
  catches: [],
  anchors: ['LGO-12'],
  mend: 'Cherchez la session par sid quand le jeton en porte un ; ne fermez toutes celles d’un sub que s’il est seul.',
})
