import { defineModule, login, refused } from '#core/module.ts'

/** The algorithm is another one, and the signature is wrong as well. */
export default defineModule({
  id: 'rp/id-token/altered-other-signature',
  title: 'Le connecteur refuse une signature altérée, sous un autre algorithme que celui convenu',
  requirements: ['psc@2026-11/signature-verified', 'psc@2026-11/algorithm-pinned'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-signature'],
  anchors: ['RPN-24'],
  mend: 'Vérifiez la signature sous le seul algorithme convenu, et refusez le jeton si elle échoue.',
})
