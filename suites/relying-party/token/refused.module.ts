import { defineModule, login, refused } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/token/refused',
  title: 'Un échange refusé par le fournisseur est un refus, sans nouvel essai du même code',
  requirements: ['rfc6749@2012/5.2-error', 'oidc-core@1.0/3.1.3.4-error', 'rfc6749@2012/4.1.2-code-once'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenResponse.invalidGrant()] },
  when: login(),
  variants: ['client-authentication'],
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['retries-refused-code'],
  anchors: ['TKE-02'],
  mend: 'Traitez invalid_grant comme un refus : proposez de recommencer la connexion, sans présenter de nouveau le même code.',
})
