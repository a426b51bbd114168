import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/back-channel-logout/answer',
  title: 'La réponse à un jeton de déconnexion n’est pas mise en cache',
  requirements: ['oidc-backchannel@1.0/2.8-no-store'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'back-channel-logout'] },
  control: 'rp/back-channel-logout/valid#sid-et-sub',
  when: scenario([{ step: 'sign-in' }, { step: 'back-channel-logout' }]),
  then: observed('logout-answer-not-cached'),
  // A product may wrongly close every session of the person: alone with them, lest a neighbour's session be closed.
  exclusive: 'persona',
  catches: ['logout-notice-cacheable'],
  anchors: ['LGO-04'],
  mend: 'Ajoutez « Cache-Control: no-store » à la réponse.',
})
