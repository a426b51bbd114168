import { accepted, defineModule, login } from '#core/module.ts'
import { discovery } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/discovery/unknown-members',
  title: 'Un membre inconnu du document de découverte est ignoré',
  requirements: ['oidc-discovery@1.0/3-unknown'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  control: 'rp/login/nominal',
  faults: { op: [discovery.unknownMembers()] },
  when: login(),
  then: accepted(),
  exclusive: 'simulator',
  catches: ['crashes-on-unknown-metadata'],
  anchors: ['RPB-19'],
  mend: 'Ignorez les membres du document que vous ne connaissez pas.',
})
