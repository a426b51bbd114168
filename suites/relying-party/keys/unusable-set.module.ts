import { defineModule, login, refused } from '#core/module.ts'

/** One row a set that verifies nothing. The token itself is honest: without its key nobody can know. */
export default defineModule({
  id: 'rp/keys/unusable-set',
  title: 'Sans clé pour le vérifier, le connecteur refuse le jeton',
  requirements: ['psc@2026-11/keys-missing', 'psc@2026-11/signature-verified'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'], also: ['no-outbound-request'] }),
  exclusive: 'simulator',
  catches: ['unverified-without-keys'],
  anchors: ['DSK-11'],
  mend: "Une lecture des clés qui échoue ou ne donne rien fait refuser le jeton, clairement, jamais l'accepter.",
})
