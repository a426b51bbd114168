import { defineModule, observed, scenario } from '#core/module.ts'
import { logout } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/logout/no-return',
  title: 'Le fournisseur qui garde le navigateur n’empêche pas la déconnexion',
  requirements: ['psc@2026-11/logout-local-first', 'oidc-rpinitiated@1.0/2-local-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout'] },
  control: 'rp/logout/nominal',
  faults: { op: [logout.noReturn()] },
  when: scenario([{ step: 'sign-in' }, { step: 'sign-out' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('signed-out'),
  catches: ['closes-session-on-return'],
  anchors: ['LGO-16'],
  mend: 'Fermez la session avant de partir chez le fournisseur, qui peut ne pas rendre le navigateur.',
})
