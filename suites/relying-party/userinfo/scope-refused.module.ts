import { defineModule, login, refused } from '#core/module.ts'

/** The provider grants openid alone: UserInfo holds the subject and nothing else. */
export default defineModule({
  id: 'rp/userinfo/scope-refused',
  title: 'Quand la portée est refusée, aucune identité n’est devinée',
  requirements: ['psc@2026-11/optional-claims', 'oidc-core@1.0/5.3.3-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'local-directory'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['guesses-from-sub'],
  anchors: ['UIN-08'],
  mend: "Sans les données de scope_all, refusez la connexion : ne déduisez pas l'identifiant du sujet et ne complétez pas par l'annuaire.",
})
