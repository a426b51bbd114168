import { defineModule, observed, scenario } from '#core/module.ts'

/** Logins that were left on the way, one row each. */
export default defineModule({
  id: 'rp/session/abandoned',
  title: 'Ce qui a été abandonné n’empêche pas de se connecter',
  requirements: ['psc@2026-11/abandoned-login'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'abandon', times: 1 },
    { step: 'sign-in', moment: 'after-retry' },
  ]),
  then: observed('retry-possible'),
  catches: [],
  anchors: ['SES-15'],
  mend: 'Gardez plusieurs demandes à la fois, oubliez les plus anciennes, et n’en faites jamais une condition pour la suivante.',
})
