import { defineModule, login, refused } from '#core/module.ts'

/** One row a flaw; everything else about the token is honest. */
export default defineModule({
  id: 'rp/userinfo/signed-refused',
  title: 'Un UserInfo signé fautif est refusé',
  requirements: ['oidc-core@1.0/5.3.2-signed'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'signed-userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['ignores-userinfo-signature'],
  anchors: ['UIN-03'],
  mend: "Vérifiez la signature, l'émetteur et l'audience d'un UserInfo signé comme ceux du jeton d'identité.",
})
