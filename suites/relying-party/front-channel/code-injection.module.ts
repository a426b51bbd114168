import { defineModule, refused, scenario } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/front-channel/code-injection',
  title: 'Le code d’un autre, présenté sous sa propre demande, ne connecte personne',
  requirements: ['rfc9700@2025/4.5-code-injection'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.held()] },
  when: scenario([
    { step: 'window', name: 'a', profile: 'new' },
    { step: 'start' },
    { step: 'answer' },
    { step: 'window', name: 'main' },
    { step: 'start' },
    { step: 'answer' },
    { step: 'foreign-answer', of: 'a', under: 'own-state' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['no-code-binding'],
  anchors: ['RPA-25'],
  mend: 'Envoyez PKCE (S256) et un nonce à chaque demande, et comparez-les à l’échange.',
})
