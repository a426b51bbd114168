import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/missing-issuer',
  title: "Le connecteur refuse une réponse sans l'émetteur que le fournisseur annonce toujours",
  requirements: ['rfc9207@2022/2.4-missing'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'response-iss'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.missingIssuer()] },
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['ignores-missing-response-iss'],
  anchors: ['RPN-46'],
  mend: 'Quand le document de découverte annonce authorization_response_iss_parameter_supported, exigez iss.',
})
