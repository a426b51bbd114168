import { act, defineModule, observed } from '#core/module.ts'
import { logout } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/logout/without-state',
  title: 'Le retour de déconnexion sans state laisse le professionnel déconnecté',
  requirements: ['psc@2026-11/logout-without-state', 'oidc-rpinitiated@1.0/2-state'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout', 'logout-state'] },
  control: 'rp/logout/nominal',
  faults: { op: [logout.withoutState()] },
  when: act('logout'),
  then: observed('signed-out', 'logout-completes'),
  catches: ['logout-requires-state'],
  anchors: ['LGO-02'],
  mend: 'Pro Santé Connect peut revenir sans state : retombez alors sur la session locale, déjà fermée.',
})
