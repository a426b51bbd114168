import { defineModule, login, refused } from '#core/module.ts'

/** The recorded document offers HS256 and the like; here nothing else is left. */
export default defineModule({
  id: 'rp/discovery/weak-algorithm',
  title: "Le connecteur n'affaiblit pas la signature parce que le document n'annonce pas mieux",
  requirements: ['psc@2026-11/algorithm-pinned'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login', 'client-secret'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  exclusive: 'simulator',
  catches: ['negotiates-down'],
  anchors: ['DSK-15'],
  mend: "Fixez l'algorithme convenu ; ne le prenez pas dans id_token_signing_alg_values_supported.",
})
