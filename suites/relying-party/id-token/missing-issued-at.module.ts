import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/missing-issued-at',
  title: "Le connecteur refuse un jeton d'identité sans date d'émission",
  requirements: ['oidc-core@1.0/2-required-claims'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingIssuedAt()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-missing-iat'],
  anchors: ['RPN-13'],
  mend: "Exigez iat : un jeton qui ne dit pas quand il a été émis n'est pas conforme.",
})
