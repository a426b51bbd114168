import { accepted, defineModule, login } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/large-token',
  title: "Un jeton d'identité de plus de 8 kilo-octets est accepté",
  requirements: ['psc@2026-11/large-token'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.large()] },
  when: login(),
  then: accepted(),
  catches: ['truncates-token'],
  anchors: ['RPB-45'],
  mend: "Ne bornez pas un jeton à la taille d'un champ ou d'un cookie : gardez-le sur le serveur.",
})
