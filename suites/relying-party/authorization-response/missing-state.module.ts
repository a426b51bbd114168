import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/missing-state',
  title: 'Le connecteur refuse une réponse sans state',
  requirements: ['rfc6749@2012/10.12-csrf', 'psc@2026-11/state-required'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.missingState()] },
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['ignores-missing-state', 'ignores-state'],
  anchors: ['RPN-42'],
  mend: "Exigez state, au lieu de ne le comparer que s'il est là.",
})
