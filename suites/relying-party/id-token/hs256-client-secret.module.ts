import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/hs256-client-secret',
  title: 'Le connecteur refuse un jeton HS256 quand RS256 est convenu',
  requirements: ['psc@2026-11/algorithm-pinned', 'oidc-core@1.0/3.1.3.7-8'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'client-secret'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.hmacWithClientSecret()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['accepts-hs256-secret', 'ignores-signature'],
  anchors: ['RPA-23'],
  mend: 'Fixez l’algorithme attendu au lieu de lire celui de l’en-tête.',
})
