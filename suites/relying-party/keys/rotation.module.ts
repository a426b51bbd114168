import { defineModule, logins, observed } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/keys/rotation',
  title: 'Une clé remplacée entre deux connexions est suivie',
  requirements: ['oidc-core@1.0/10.1.1-rotation'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  faults: { op: [keys.replaced(2), keys.signsWithNext(2)] },
  when: logins(2),
  then: observed('each-login-accepted'),
  exclusive: 'simulator',
  catches: ['caches-keys-for-ever'],
  anchors: ['DSK-06'],
  mend: 'Devant un kid inconnu, relisez jwks_uri une fois, puis concluez.',
})
