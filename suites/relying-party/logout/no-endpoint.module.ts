import { defineModule, observed, scenario } from '#core/module.ts'
import { logout } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/logout/no-endpoint',
  title: 'Sans point de déconnexion chez le fournisseur, la session du produit est fermée et le professionnel le sait',
  requirements: ['psc@2026-11/logout-local-first'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout', 'discovery-at-login'] },
  control: 'rp/logout/nominal',
  faults: { op: [logout.noEndpoint()] },
  when: scenario([{ step: 'sign-in' }, { step: 'sign-out' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('signed-out', 'logout-completes'),
  exclusive: 'simulator',
  catches: ['logout-needs-endpoint'],
  anchors: ['LGO-15'],
  mend: 'Fermez la session, et dites que celle du fournisseur vit peut-être encore.',
})
