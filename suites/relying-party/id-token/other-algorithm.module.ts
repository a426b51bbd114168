import { defineModule, login, refused } from '#core/module.ts'

/** The provider's own published key signs: only the algorithm is not the one agreed upon. */
export default defineModule({
  id: 'rp/id-token/other-algorithm',
  title: 'Le connecteur refuse un jeton bien signé sous un autre algorithme que celui convenu',
  requirements: ['psc@2026-11/algorithm-pinned', 'oidc-core@1.0/3.1.3.7-7'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['accepts-any-alg', 'ignores-signature'],
  anchors: ['RPN-29'],
  mend: "Fixez l'algorithme convenu à l'enregistrement, et ne le déduisez ni du jeton ni de la découverte.",
})
