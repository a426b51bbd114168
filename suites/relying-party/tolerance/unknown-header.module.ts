import { accepted, defineModule, login } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/unknown-header',
  title: "Un membre inconnu de l'en-tête du jeton est ignoré",
  requirements: ['rfc7519@2015/5-header-unknown'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.unknownHeaderMembers()] },
  when: login(),
  then: accepted(),
  catches: ['crashes-on-unknown-header'],
  anchors: ['RPB-19'],
  mend: "Ignorez les membres de l'en-tête que vous ne connaissez pas, sauf s'ils sont déclarés critiques.",
})
