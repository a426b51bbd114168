import { defineModule, logins, observed } from '#core/module.ts'
import { keys } from '#simulators/openid-provider/faults.ts'

/** The new key is used once, so that the product has read the set without the old one. */
export default defineModule({
  id: 'rp/keys/withdrawn-key',
  title: 'Une clé retirée ne vérifie plus de jeton',
  requirements: ['psc@2026-11/key-withdrawn'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  faults: { op: [keys.replaced(2, 3), keys.signsWithNext(2)] },
  when: logins(3),
  then: observed('last-login-refused'),
  exclusive: 'simulator',
  catches: ['keeps-withdrawn-keys'],
  anchors: ['DSK-08'],
  mend: "À chaque lecture, remplacez tout le jeu de clés en mémoire ; n'y ajoutez pas.",
})
