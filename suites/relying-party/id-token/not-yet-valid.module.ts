import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/not-yet-valid',
  title: "Le connecteur refuse un jeton d'identité qui n'est pas encore valable",
  requirements: ['psc@2026-11/refusal-no-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.notYetValid()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-nbf'],
  anchors: ['RPN-15'],
  mend: 'Quand nbf est présent, comparez-le à l’heure courante, avec quelques minutes de tolérance au plus.',
})
