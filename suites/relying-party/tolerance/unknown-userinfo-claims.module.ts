import { accepted, defineModule, login } from '#core/module.ts'
import { userinfo } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/unknown-userinfo-claims',
  title: "Les revendications inconnues de l'identité sont ignorées",
  requirements: ['psc@2026-11/unknown-claims'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  faults: { op: [userinfo.unknownClaims()] },
  when: login(),
  then: accepted(),
  catches: ['crashes-on-unknown-claim'],
  anchors: ['RPB-19'],
  mend: 'Ignorez les revendications que vous ne connaissez pas, quelle que soit leur forme.',
})
