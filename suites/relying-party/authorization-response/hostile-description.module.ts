import { defineModule, login, refused } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/authorization-response/hostile-description',
  title: 'Le texte d’erreur du fournisseur est montré comme du texte, jamais comme du code',
  requirements: ['rfc6749@2012/10.14-input'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.hostileDescription()] },
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call'], also: ['text-escaped'] }),
  catches: ['reflects-error-description'],
  anchors: ['RPB-37'],
  mend: 'Échappez error_description avant de l’afficher, ou ne l’affichez pas.',
})
