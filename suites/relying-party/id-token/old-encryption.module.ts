import { defineModule, login, refused } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

/** The recorded discovery document still offers RSA1_5; no client asked for encrypted tokens. */
export default defineModule({
  id: 'rp/id-token/old-encryption',
  title: "Le connecteur refuse un jeton chiffré à l'ancienne, que personne n'a convenu",
  requirements: ['psc@2026-11/algorithm-pinned', 'oidc-core@1.0/3.1.3.7-1'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.encryptedTheOldWay()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['lenient-compact-parsing'],
  anchors: ['RPN-39'],
  mend: "N'acceptez de jeton chiffré que s'il a été convenu, et jamais en RSA1_5.",
})
