import { defineModule, logins, observed } from '#core/module.ts'

/** The recorded document offers plain beside S256; here nothing better is left. */
export default defineModule({
  id: 'rp/discovery/weak-pkce',
  title: "Le connecteur n'affaiblit pas PKCE parce que le document n'annonce pas mieux",
  requirements: ['psc@2026-11/algorithm-pinned', 'rfc7636@2015/4.2-s256'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  when: logins(1),
  then: observed('s256-or-nothing'),
  exclusive: 'simulator',
  catches: ['negotiates-down'],
  anchors: ['DSK-15'],
  mend: "Envoyez toujours un défi S256, quoi qu'annonce code_challenge_methods_supported.",
})
