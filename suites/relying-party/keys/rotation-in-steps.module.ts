import { defineModule, logins, observed } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

/** Published, then used, then the old one withdrawn: nobody may notice. */
export default defineModule({
  id: 'rp/keys/rotation-in-steps',
  title: "Une rotation de clé menée en plusieurs temps n'interrompt aucune connexion",
  requirements: ['oidc-core@1.0/10.1.1-rotation'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  faults: { op: [keys.announced(2, 3), keys.replaced(4), keys.signsWithNext(3, 4)] },
  when: logins(4),
  then: observed('each-login-accepted'),
  exclusive: 'simulator',
  catches: ['caches-keys-for-ever'],
  anchors: ['DSK-08'],
  mend: 'Devant un kid inconnu, relisez jwks_uri une fois, puis concluez.',
})
