import { defineModule, login, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/id-token/look-alike-audience',
  title: "Le connecteur refuse une audience qui ressemble à la sienne, ou celle d'un autre client écrite autrement",
  requirements: ['oidc-core@1.0/3.1.3.7-3'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['compares-audience-loosely'],
  anchors: ['RPN-07'],
  mend: "Comparez l'identifiant de client en entier, au caractère près, avec aud ou avec chacun de ses éléments.",
})
