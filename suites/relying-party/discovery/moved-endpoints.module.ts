import { defineModule, logins, observed } from '#core/module.ts'

/** Honest at the first read, elsewhere at the second: what the server sends there, it sends to an attacker. */
export default defineModule({
  id: 'rp/discovery/moved-endpoints',
  title: "Le connecteur n'appelle pas un point déplacé sur un autre hôte entre deux lectures",
  requirements: ['psc@2026-11/endpoints-at-issuer'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  when: logins(2),
  then: observed('last-login-refused', 'no-outbound-request'),
  exclusive: 'simulator',
  catches: ['follows-moved-endpoints'],
  anchors: ['DSK-14'],
  mend: "Tenez-vous aux hôtes convenus : un point du canal arrière qui change d'hôte demande une décision humaine.",
})
