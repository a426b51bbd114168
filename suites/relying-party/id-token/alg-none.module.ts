import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/alg-none',
  title: 'Le connecteur refuse un jeton non signé',
  requirements: ['psc@2026-11/algorithm-pinned', 'oidc-core@1.0/3.1.3.7-7'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.algNone()] },
  when: login(),
  variants: ['signature'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['accepts-alg-none', 'ignores-signature'],
  anchors: ['RPN-26'],
  mend: 'Fixez l’algorithme attendu (RS256) ; n’acceptez jamais « none ».',
})
