import { defineModule, login, refused } from '#core/module.ts'

/** One row a form; OpenID Connect Core 1.0 §5.3.2 wants exactly the subject of the ID token. */
export default defineModule({
  id: 'rp/userinfo/subject-forms',
  title: 'Un sujet de UserInfo en double, en liste ou d’une autre forme est refusé',
  requirements: ['oidc-core@1.0/5.3.2-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['ignores-userinfo-sub'],
  anchors: ['RPA-05'],
  mend: "Exigez que sub soit une chaîne égale à celui du jeton d'identité, et refusez un objet JSON dont un membre figure deux fois.",
})
