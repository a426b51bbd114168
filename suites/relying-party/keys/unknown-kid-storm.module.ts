import { defineModule, logins, refused } from '#core/module.ts'
import { idToken } from '#simulators/openid-provider/faults.ts'

/** Twenty in a row: an attacker who can have tokens refused must not make the product hammer the provider. */
export default defineModule({
  id: 'rp/keys/unknown-kid-storm',
  title: 'Vingt jetons de clé inconnue ne font pas relire les clés sans mesure',
  requirements: ['psc@2026-11/keys-reread-once'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  faults: { op: [idToken.unknownKey()] },
  when: logins(20, { sameBrowser: true }),
  then: refused({ leaving: ['no-session'], also: ['keys-asked-sparingly'] }),
  exclusive: 'simulator',
  catches: ['hammers-keys'],
  anchors: ['DSK-12', 'RPN-31'],
  mend: 'Devant un kid inconnu, relisez les clés une fois, puis espacez les lectures suivantes.',
})
