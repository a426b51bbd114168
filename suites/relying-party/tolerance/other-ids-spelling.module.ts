import { accepted, defineModule, login } from '#core/module.ts'
import { userinfo } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/other-ids-spelling',
  title: 'Les deux graphies otherIds et otherIDs sont tolérées',
  requirements: ['psc@2026-11/other-ids-spelling'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  faults: { op: [userinfo.otherIdsRenamed()] },
  when: login(),
  then: accepted(),
  catches: ['requires-other-ids'],
  anchors: ['RPB-20'],
  mend: 'Lisez otherIds sans dépendre de sa casse, et sans en avoir besoin pour reconnaître le professionnel.',
})
