import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/missing-nonce',
  title: "Le connecteur refuse un jeton d'identité sans le nonce demandé",
  requirements: ['oidc-core@1.0/3.1.3.7-11', 'psc@2026-11/nonce-required'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingNonce()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-missing-nonce'],
  anchors: ['RPN-21'],
  mend: 'Exigez nonce dès lors que vous en avez envoyé un.',
})
