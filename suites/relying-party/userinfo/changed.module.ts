import { defineModule, login, observed } from '#core/module.ts'

/** The control signed the same professional in, with the former data. */
export default defineModule({
  id: 'rp/userinfo/changed',
  title: 'Une identité qui a changé depuis la dernière connexion est montrée telle qu’elle est',
  requirements: ['psc@2026-11/identity-current', 'psc@2026-11/userinfo-each-login'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: observed('current-identity-shown'),
  catches: ['keeps-first-identity'],
  anchors: ['UIN-06'],
  mend: "À chaque connexion, remplacez les données gardées par celles de UserInfo : le compte reste, l'identité et les situations suivent.",
})
