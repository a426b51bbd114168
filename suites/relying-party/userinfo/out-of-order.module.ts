import { defineModule, login, refused } from '#core/module.ts'

/** One row a way to give no identity. */
export default defineModule({
  id: 'rp/userinfo/out-of-order',
  title: 'Sans réponse de UserInfo, aucune identité d’une autre fois n’est employée',
  requirements: ['oidc-core@1.0/5.3.3-error', 'psc@2026-11/userinfo-each-login'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['stale-userinfo'],
  anchors: ['UIN-05'],
  mend: "Si UserInfo ne donne pas l'identité, refusez la connexion et proposez de recommencer ; ne la remplacez ni par le jeton d'identité ni par un annuaire ou une copie.",
})
