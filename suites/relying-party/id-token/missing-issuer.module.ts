import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/missing-issuer',
  title: "Le connecteur refuse un jeton d'identité sans émetteur",
  requirements: ['oidc-core@1.0/2-required-claims', 'oidc-core@1.0/3.1.3.7-2'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingIssuer()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-missing-iss'],
  anchors: ['RPN-02'],
  mend: "Exigez iss, au lieu de ne le comparer que s'il est là.",
})
