import { accepted, defineModule, login } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/keys/single-key-without-kid',
  title: 'Un jeton sans kid est accepté quand une seule clé est publiée',
  requirements: ['oidc-core@1.0/10.1-kid'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  faults: { op: [keys.onlyOne(), keys.signsWithoutKid()] },
  when: login(),
  then: accepted(),
  exclusive: 'simulator',
  catches: ['requires-kid'],
  anchors: ['RPB-14'],
  mend: "Sans kid, prenez la seule clé publiée ; n'en exigez un que s'il y en a plusieurs.",
})
