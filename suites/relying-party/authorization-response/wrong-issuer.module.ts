import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/wrong-issuer',
  title: "Le connecteur refuse une réponse venue d'un autre émetteur",
  requirements: ['rfc9207@2022/2.4-compare'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'response-iss'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.wrongIssuer()] },
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['ignores-response-iss'],
  anchors: ['RPN-45'],
  mend: "Comparez le paramètre iss de la réponse à l'émetteur auquel la demande a été envoyée.",
})
