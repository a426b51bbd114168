import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/other-client-audience',
  title: "Le connecteur refuse un jeton d'identité destiné à un autre client du même fournisseur",
  requirements: ['oidc-core@1.0/3.1.3.7-3'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.otherClientAudience()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-aud'],
  anchors: ['RPN-07'],
  mend: 'Vérifiez que aud contient exactement votre client_id, et non un client quelconque du fournisseur.',
})
