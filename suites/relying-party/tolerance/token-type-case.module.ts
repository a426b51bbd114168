import { accepted, defineModule, login } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/token-type-case',
  title: 'Le type de jeton est reconnu sans égard à la casse',
  requirements: ['rfc6749@2012/5.1-token-type'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenResponse.tokenTypeUpperCase()] },
  when: login(),
  then: accepted(),
  catches: ['token-type-case-sensitive'],
  anchors: ['RPB-16'],
  mend: 'Comparez token_type sans tenir compte de la casse.',
})
