import { defineModule, login, refused } from '#core/module.ts'
import { userinfo } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/userinfo/wrong-subject',
  title: "Le connecteur refuse une identité d'un autre sujet",
  requirements: ['oidc-core@1.0/5.3.2-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  faults: { op: [userinfo.wrongSubject()] },
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['ignores-userinfo-sub'],
  anchors: ['UIN-01'],
  mend: "Comparez le sub de UserInfo à celui du jeton d'identité ; s'ils diffèrent, n'utilisez rien de la réponse.",
})
