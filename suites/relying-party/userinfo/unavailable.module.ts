import { defineModule, login, refused } from '#core/module.ts'
import { userinfo } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/userinfo/unavailable',
  title: "Sans l'identité, le connecteur n'ouvre pas de session avec des données d'une autre fois",
  requirements: ['oidc-core@1.0/5.3.3-error', 'psc@2026-11/userinfo-each-login'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  faults: { op: [userinfo.unavailable()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['stale-userinfo'],
  anchors: ['UIN-05'],
  mend: "Si UserInfo échoue, refusez la connexion et proposez de recommencer ; n'utilisez pas une identité gardée.",
})
