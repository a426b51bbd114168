import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/wrong-issuer',
  title: "Le connecteur refuse un jeton d'identité d'un autre émetteur",
  requirements: ['oidc-core@1.0/3.1.3.7-2'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.wrongIssuer()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-iss'],
  anchors: ['RPN-01'],
  mend: "Comparez iss, caractère par caractère, à l'émetteur configuré.",
})
