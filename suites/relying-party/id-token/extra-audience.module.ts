import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/extra-audience',
  title: 'Le connecteur refuse une audience qui compte un client auquel il ne fait pas confiance',
  requirements: ['oidc-core@1.0/3.1.3.7-3'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.extraAudience()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-multiple-aud'],
  anchors: ['RPN-08'],
  mend: 'Refusez une audience à plusieurs valeurs dont une vous est inconnue.',
})
