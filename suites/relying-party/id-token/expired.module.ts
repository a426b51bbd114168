import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/expired',
  title: "Le connecteur refuse un jeton d'identité expiré",
  requirements: ['oidc-core@1.0/3.1.3.7-9'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.expired()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-exp'],
  anchors: ['RPN-16'],
  mend: 'Comparez exp à l’heure courante, avec quelques minutes de tolérance au plus.',
})
