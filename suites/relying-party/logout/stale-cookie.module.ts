import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/logout/stale-cookie',
  title: 'Le cookie d’avant la déconnexion n’ouvre plus rien',
  requirements: ['psc@2026-11/logout-ends-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session', 'rp-initiated-logout'] },
  control: 'rp/logout/nominal',
  when: scenario([
    { step: 'sign-in' },
    { step: 'cookies', what: 'keep' },
    { step: 'sign-out' },
    { step: 'forget', whose: 'provider' },
    { step: 'cookies', what: 'restore' },
    { step: 'visit' },
  ]),
  then: observed('signed-out'),
  catches: ['logout-clears-cookie-only'],
  anchors: ['LGO-21'],
  mend: 'Détruisez la session sur le serveur ; effacer le cookie ne suffit pas.',
})
