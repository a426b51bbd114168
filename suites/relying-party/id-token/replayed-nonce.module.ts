import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/replayed-nonce',
  title: "Le connecteur refuse le nonce d'une connexion précédente",
  requirements: ['oidc-core@1.0/3.1.3.7-11'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.replayedNonce()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-nonce'],
  anchors: ['RPN-22'],
  mend: 'Gardez un nonce neuf par demande, et oubliez-le une fois utilisé.',
})
