import { accepted, defineModule, login } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/unknown-claims',
  title: "Les revendications inconnues du jeton d'identité sont ignorées",
  requirements: ['oidc-core@1.0/2-unknown-claims', 'psc@2026-11/unknown-claims'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.unknownClaims()] },
  when: login(),
  then: accepted(),
  catches: ['crashes-on-unknown-claim'],
  anchors: ['RPB-19'],
  mend: 'Ignorez les revendications que vous ne connaissez pas, quelle que soit leur forme.',
})
