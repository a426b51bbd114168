import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/wrong-state',
  title: "Le connecteur refuse un state qui n'est pas le sien",
  requirements: ['rfc6749@2012/10.12-csrf', 'psc@2026-11/state-required'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.wrongState()] },
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['ignores-state'],
  anchors: ['RPN-41'],
  mend: 'Retrouvez la demande par son state dans la session du navigateur ; sinon refusez avant tout appel arrière.',
})
