import { defineModule, login, refused } from '#core/module.ts'

/** Published by the provider itself, and not to be trusted all the same. */
export default defineModule({
  id: 'rp/keys/weak-key',
  title: 'Une clé faible ou invalide ne vérifie pas de jeton, même publiée',
  requirements: ['rfc7518@2015/3.3-rsa-size'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  exclusive: 'simulator',
  catches: ['accepts-weak-keys'],
  anchors: ['DSK-16'],
  mend: "Refusez une clé RSA de moins de 2048 bits ou d'exposant inférieur à 65537, et tout point hors de sa courbe.",
})
