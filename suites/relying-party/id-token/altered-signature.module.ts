import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/altered-signature',
  title: 'Le connecteur refuse une signature altérée',
  requirements: ['psc@2026-11/signature-verified', 'oidc-core@1.0/3.1.3.7-6'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.alteredSignature()] },
  when: login(),
  variants: ['signature'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-signature'],
  anchors: ['RPN-23'],
  mend: 'Vérifiez la signature avec les clés publiées par le fournisseur, même si le jeton vient du canal arrière.',
})
