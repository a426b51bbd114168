import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/foreign-signature',
  title: "Le connecteur refuse un jeton signé par une clé qui n'est pas celle du fournisseur",
  requirements: ['psc@2026-11/signature-verified'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.foreignSignature()] },
  when: login(),
  variants: ['signature'],
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-signature'],
  anchors: ['RPN-23'],
  mend: 'Vérifiez la signature avec la clé que kid désigne dans le jeu publié par le fournisseur.',
})
