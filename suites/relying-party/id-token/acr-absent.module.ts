import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/acr-absent',
  title: 'Le connecteur refuse une connexion dont le niveau est absent',
  requirements: ['psc@2026-11/acr-level', 'oidc-core@1.0/3.1.3.7-12'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.missingAcr()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['accepts-missing-acr', 'ignores-acr'],
  anchors: ['RPN-51'],
  mend: "Exigez acr dès lors qu'un niveau est demandé ; son absence n'est pas eidas1.",
})
