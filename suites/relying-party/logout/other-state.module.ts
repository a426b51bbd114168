import { defineModule, observed, scenario } from '#core/module.ts'
import { logout } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/logout/other-state',
  title: 'Un autre state au retour de déconnexion laisse le professionnel déconnecté',
  requirements: ['psc@2026-11/logout-local-first', 'oidc-rpinitiated@1.0/2-local-session'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout', 'logout-state'] },
  control: 'rp/logout/nominal',
  faults: { op: [logout.otherState()] },
  when: scenario([{ step: 'sign-in' }, { step: 'sign-out' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('signed-out'),
  catches: ['closes-session-on-return'],
  anchors: ['LGO-03'],
  mend: 'Fermez la session avant de partir chez le fournisseur : rien de ce qui revient ne doit en décider.',
})
