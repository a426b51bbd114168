import { defineModule, login, refused } from '#core/module.ts'

/** One row an error of RFC 6749 §5.2, as providers really word it. */
export default defineModule({
  id: 'rp/token/refusals',
  title: 'Chaque refus du point de jeton met fin à la tentative, sans nouvel essai ni secret montré',
  requirements: ['rfc6749@2012/5.2-error', 'oidc-core@1.0/3.1.3.4-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['retries-refused-code'],
  anchors: ['TKE-02'],
  mend: "Traitez toute réponse d'erreur du point de jeton comme un refus : dites-le au professionnel, donnez le détail technique au journal de l'exploitant, et ne présentez pas de nouveau le code.",
})
