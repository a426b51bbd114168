import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to be out of order. */
export default defineModule({
  id: 'rp/token/unavailable',
  title: 'Une panne du point de jeton n’ouvre aucune session et se dit clairement',
  requirements: ['psc@2026-11/outage', 'oidc-core@1.0/3.1.3.4-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'], also: ['code-presented-once'] }),
  catches: ['outage-opens-session', 'retries-refused-code'],
  anchors: ['TKE-04'],
  mend: 'Traitez toute panne du point de jeton comme une connexion impossible pour le moment : un message, un bouton pour recommencer, pas de compte de secours et pas de nouvel essai du même code.',
})
