import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/wrong-nonce',
  title: 'Le connecteur refuse un nonce qui n’est pas celui de sa demande',
  requirements: ['oidc-core@1.0/3.1.3.7-11'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.wrongNonce()] },
  when: login(),
  variants: ['signature'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-nonce'],
  anchors: ['RPN-20'],
  mend: 'Comparez nonce à la valeur gardée pour cette demande.',
})
