import { defineModule, login, refused } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/kidless',
  title: 'Le connecteur vérifie aussi un jeton qui ne nomme pas sa clé',
  requirements: ['psc@2026-11/signature-verified', 'oidc-core@1.0/10.1-kid'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.foreignWithoutKid()] },
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['kidless-unverified', 'ignores-signature'],
  anchors: ['RPN-30'],
  mend: 'Sans kid, essayez les clés publiées pour cet algorithme ou refusez le jeton, mais ne vous passez pas de signature.',
})
