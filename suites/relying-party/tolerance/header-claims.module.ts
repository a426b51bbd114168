import { accepted, defineModule, login } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/tolerance/header-claims',
  title: "Une identité placée dans l'en-tête du jeton est ignorée",
  requirements: ['rfc7519@2015/5-header-unknown'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [tokenForm.identityInHeader()] },
  when: login(),
  then: accepted(),
  catches: ['reads-header-claims'],
  anchors: ['RPA-07'],
  mend: "Ne lisez l'identité que dans le contenu du jeton, jamais dans son en-tête.",
})
