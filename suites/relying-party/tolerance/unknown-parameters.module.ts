import { accepted, defineModule, login } from '#core/module.ts'
import { authorizationResponse, tokenResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/unknown-parameters',
  title: 'Les paramètres inconnus de la réponse sont ignorés',
  requirements: ['rfc6749@2012/4.1.2-unknown-parameters'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.withUnknownParameters(), tokenResponse.withUnknownMembers()] },
  when: login(),
  then: accepted(),
  catches: ['rejects-unknown-parameters', 'crashes-on-unknown-token-member'],
  anchors: ['RPB-19'],
  mend: 'Lisez les paramètres que vous attendez et ignorez les autres.',
})
