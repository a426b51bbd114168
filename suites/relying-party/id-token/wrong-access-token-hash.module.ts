import { defineModule, login, refused } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/wrong-access-token-hash',
  title: "Le connecteur refuse un jeton dont l'empreinte du jeton d'accès est fausse",
  requirements: ['psc@2026-11/access-token-hash', 'oidc-core@1.0/3.1.3.8-at-hash'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.wrongAccessTokenHash()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-at-hash'],
  anchors: ['RPN-32'],
  mend: "Quand at_hash est présent, comparez-le à la moitié gauche du SHA-256 du jeton d'accès.",
})
