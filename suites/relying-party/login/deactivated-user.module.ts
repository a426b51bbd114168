import { defineModule, refused, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/deactivated-user',
  title: 'Un professionnel dont le compte est désactivé est refusé',
  requirements: ['psc@2026-11/user-deactivated', 'psc@2026-11/refusal-intelligible'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'local-directory'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }], { persona: 'desactive' }),
  then: refused({ leaving: ['no-session'] }),
  catches: ['ignores-deactivation'],
  anchors: ['RPB-44'],
  mend: 'Relisez l’état du compte local à chaque connexion, et dites à qui s’adresser.',
})
