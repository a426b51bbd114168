import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/acr-lower',
  title: 'Le connecteur refuse une connexion de niveau inférieur à celui demandé',
  requirements: ['psc@2026-11/acr-level', 'oidc-core@1.0/3.1.3.7-12'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.acr('0')] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['accepts-lower-acr', 'ignores-acr'],
  anchors: ['RPN-52'],
  mend: 'Comparez le niveau reçu au niveau demandé, et refusez s’il est inférieur ou inconnu.',
})
