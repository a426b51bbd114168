import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/shared-workstation/two-identities',
  title: 'Deux onglets, deux professionnels : le poste montre le dernier connecté',
  requirements: ['psc@2026-11/hand-over', 'psc@2026-11/one-identity'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'start' },
    { step: 'window', name: 'b', profile: 'same' },
    { step: 'start' },
    { step: 'answer', as: 'medecin-nominal' },
    { step: 'look', moment: 'after-login' },
    { step: 'forget', whose: 'provider' },
    { step: 'window', name: 'main' },
    { step: 'answer' },
    { step: 'look', moment: 'after-login' },
    { step: 'visit' },
    { step: 'window', name: 'b' },
    { step: 'visit' },
  ]),
  then: observed('last-identity'),
  catches: ['keeps-first-user'],
  anchors: ['RPB-39', 'LGO-20'],
  mend: 'Une session par navigateur, remplacée en entier à chaque connexion.',
})
