import { defineModule, login, refused } from '#core/module.ts'
import { userinfo } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/userinfo/missing-subject',
  title: 'Le connecteur refuse une identité sans sujet',
  requirements: ['oidc-core@1.0/5.3.2-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  faults: { op: [userinfo.missingSubject()] },
  when: login(),
  then: refused({ leaving: ['no-identity'] }),
  catches: ['ignores-userinfo-missing-sub'],
  anchors: ['UIN-02'],
  mend: "Exigez sub dans UserInfo, au lieu de ne le comparer que s'il est là.",
})
