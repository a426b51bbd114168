import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/logout/stored-pages',
  title: 'Une page de patients ne reste pas dans le navigateur après la déconnexion',
  requirements: ['psc@2026-11/logout-ends-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'inspect-page' }]),
  then: observed('not-stored'),
  rendering: 'la page est lue comme un navigateur la garderait',
  catches: ['caches-pages'],
  anchors: ['LGO-18'],
  mend: 'Envoyez « Cache-Control: no-store » avec toute page qui montre un patient ou un professionnel.',
})
