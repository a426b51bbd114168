import { defineModule, login, refused } from '#core/module.ts'

/** The key that signs is published, but not for this. */
export default defineModule({
  id: 'rp/keys/misused-key',
  title: 'Une clé publiée pour autre chose ne vérifie pas de jeton',
  requirements: ['rfc7517@2015/4.2-use'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  exclusive: 'simulator',
  catches: ['trusts-any-published-key'],
  anchors: ['DSK-10'],
  mend: "Choisissez la clé par kid, puis vérifiez qu'elle est faite pour signer, avec l'algorithme convenu, et qu'elle est publique.",
})
