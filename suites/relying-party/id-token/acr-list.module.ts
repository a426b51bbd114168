import { defineModule, login, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/id-token/acr-list',
  title: 'Le connecteur refuse un niveau donné en liste',
  requirements: ['psc@2026-11/acr-level'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.acrAsList()] },
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['ignores-acr'],
  anchors: ['RPN-54'],
  mend: 'acr est une chaîne : refusez toute autre forme sans chercher à l’interpréter.',
})
