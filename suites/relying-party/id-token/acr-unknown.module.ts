import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/acr-unknown',
  title: 'Le connecteur refuse un niveau qu’il ne connaît pas',
  requirements: ['psc@2026-11/acr-level'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.acr('niveau-inconnu')] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['accepts-unknown-acr', 'ignores-acr'],
  anchors: ['RPN-54'],
  mend: 'Refusez tout niveau absent de votre liste ordonnée, au lieu de le prendre pour le niveau demandé.',
})
