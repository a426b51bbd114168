import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/wrong-audience',
  title: "Le connecteur refuse un jeton d'identité destiné à un client inconnu",
  requirements: ['oidc-core@1.0/3.1.3.7-3'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.wrongAudience()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-aud', 'calls-userinfo-first'],
  anchors: ['RPN-05'],
  mend: 'Vérifiez que aud contient exactement votre client_id.',
})
