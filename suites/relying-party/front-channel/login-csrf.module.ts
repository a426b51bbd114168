import { defineModule, refused, scenario } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/front-channel/login-csrf',
  title: 'La réponse d’un autre, ouverte dans un navigateur qui n’a rien demandé, ne connecte personne',
  requirements: ['rfc9700@2025/4.7-csrf', 'rfc6749@2012/10.12-csrf'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.held()] },
  when: scenario([
    { step: 'window', name: 'a', profile: 'new' },
    { step: 'start' },
    { step: 'answer' },
    { step: 'window', name: 'main' },
    { step: 'foreign-answer', of: 'a' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['state-not-bound-to-browser'],
  anchors: ['RPA-26'],
  mend: 'Liez chaque demande à la session du navigateur qui l’a commencée.',
})
