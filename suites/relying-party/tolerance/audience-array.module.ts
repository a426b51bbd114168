import { accepted, defineModule, login } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/audience-array',
  title: 'Une audience donnée en tableau à un élément est acceptée',
  requirements: ['oidc-core@1.0/3.1.3.7-3'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.audienceAsArray()] },
  when: login(),
  then: accepted(),
  catches: ['rejects-aud-array'],
  anchors: ['RPB-15'],
  mend: 'aud est une chaîne ou un tableau de chaînes : acceptez les deux formes.',
})
