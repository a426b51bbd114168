import { accepted, defineModule, login } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/higher-level',
  title: 'Un niveau supérieur à celui demandé est accepté',
  requirements: ['psc@2026-11/acr-higher'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.acr('eidas2')] },
  when: login(),
  then: accepted(),
  catches: ['rejects-higher-acr'],
  anchors: ['RPN-53'],
  mend: "Comparez les niveaux par ordre (eidas1 < eidas2 < eidas3) au lieu d'exiger l'égalité.",
})
