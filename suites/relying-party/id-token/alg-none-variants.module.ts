import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to say « none » or nothing: only a list of what is allowed stops them all. */
export default defineModule({
  id: 'rp/id-token/alg-none-variants',
  title: 'Le connecteur refuse un jeton non signé, quelle que soit la façon de le dire',
  requirements: ['psc@2026-11/algorithm-pinned', 'oidc-core@1.0/3.1.3.7-7'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['alg-none-blocklist', 'ignores-signature'],
  anchors: ['RPN-28'],
  mend: "N'acceptez que l'algorithme convenu, comparé exactement ; n'écartez pas « none » par son nom.",
})
