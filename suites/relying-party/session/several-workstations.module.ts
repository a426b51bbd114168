import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/session/several-workstations',
  title: 'Le même professionnel se connecte sur deux postes',
  requirements: ['psc@2026-11/several-workstations'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'window', name: 'b', profile: 'new' }, { step: 'sign-in', moment: 'after-retry' }], {
    persona: 'medecin-nominal',
  }),
  then: observed('retry-possible'),
  catches: ['one-session-per-user'],
  anchors: ['SES-15'],
  mend: 'N’attachez pas la session à la personne : elle peut en avoir une sur chaque poste.',
})
