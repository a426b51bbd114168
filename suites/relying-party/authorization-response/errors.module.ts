import { defineModule, login, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/authorization-response/errors',
  title: 'Le connecteur traite une erreur du fournisseur comme un refus',
  requirements: ['oidc-core@1.0/3.1.2.6-error', 'rfc6749@2012/4.1.2.1-errors'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  variants: ['response-mode'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['error-opens-session'],
  anchors: ['RPB-36'],
  mend: "Lisez error avant code, montrez un message, et n'ouvrez pas de session.",
})
