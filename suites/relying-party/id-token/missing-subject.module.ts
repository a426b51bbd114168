import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/missing-subject',
  title: "Le connecteur refuse un jeton d'identité sans sujet",
  requirements: ['oidc-core@1.0/2-sub', 'oidc-core@1.0/2-required-claims'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingSubject()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-missing-sub'],
  anchors: ['RPN-10'],
  mend: 'Exigez sub, et ne le remplacez par aucune autre donnée.',
})
