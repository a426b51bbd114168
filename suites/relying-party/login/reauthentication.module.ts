import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/reauthentication',
  title: 'Après une déconnexion, une nouvelle connexion redemande un moyen',
  requirements: ['psc@2026-11/reauthentication'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout'] },
  when: act('logout'),
  then: observed('provider-session-ended'),
  catches: ['local-logout-only'],
  anchors: ['LGO-17'],
  mend: 'Conduisez le navigateur à end_session lors de la déconnexion, ou envoyez prompt=login à la connexion suivante.',
})
