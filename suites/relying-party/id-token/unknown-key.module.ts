import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/unknown-key',
  title: 'Le connecteur refuse un jeton dont la clé n’est pas publiée',
  requirements: ['oidc-core@1.0/10.1-kid', 'psc@2026-11/signature-verified'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.unknownKey()] },
  when: login(),
  variants: ['signature'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['trusts-unknown-key', 'ignores-signature'],
  anchors: ['RPN-31'],
  mend: 'Une clé introuvable après une relecture du jeu est un refus, jamais une dispense de vérification.',
})
