import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/wrong-authorized-party',
  title: "Le connecteur refuse un jeton d'identité émis pour une autre partie autorisée",
  requirements: ['oidc-core@1.0/3.1.3.7-5'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.wrongAuthorizedParty()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-azp'],
  anchors: ['RPN-09'],
  mend: 'Quand azp est présent, comparez-le à votre client_id.',
})
