import { defineModule, logins, observed } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

/** The professional already stands before the provider's page when the key changes. */
export default defineModule({
  id: 'rp/keys/rotation-within-login',
  title: 'Une clé remplacée pendant une connexion est suivie',
  requirements: ['oidc-core@1.0/10.1.1-rotation'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  faults: { op: [keys.replaced(3), keys.signsWithNext(3)] },
  when: logins(2, { midway: 2 }),
  then: observed('each-login-accepted'),
  exclusive: 'simulator',
  catches: ['keys-from-login-start', 'caches-keys-for-ever'],
  anchors: ['DSK-07'],
  mend: 'Lisez les clés au moment de vérifier le jeton, et relisez-les devant un kid inconnu.',
})
