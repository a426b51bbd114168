import { defineModule, login, refused } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/absent',
  title: "Le connecteur refuse une réponse sans jeton d'identité",
  requirements: ['psc@2026-11/refusal-intelligible', 'oidc-core@1.0/3.1.3.3-id-token'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenResponse.withoutIdToken()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-missing-id-token', 'silent-refusal'],
  anchors: ['RPN-40'],
  mend: "Sans id_token, arrêtez : l'accès à UserInfo ne vaut pas authentification.",
})
