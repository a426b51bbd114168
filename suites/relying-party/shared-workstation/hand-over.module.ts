import { defineModule, observed, scenario } from '#core/module.ts'

/** Workstations change hands without a sign-out. */
export default defineModule({
  id: 'rp/shared-workstation/hand-over',
  title: 'Celui qui se connecte après un autre n’est jamais pris pour lui',
  requirements: ['psc@2026-11/hand-over'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'take-over'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'sign-in' },
    { step: 'forget', whose: 'provider' },
    { step: 'sign-in', as: 'medecin-nominal', although: 'signed-in' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  then: observed('last-identity'),
  catches: ['keeps-first-user'],
  anchors: ['LGO-20'],
  mend: 'Ouvrez une session neuve à chaque connexion, sans rien garder de la précédente.',
})
