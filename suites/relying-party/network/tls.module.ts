import { act, defineModule, refused } from '#core/module.ts'

/** The browser meets the honest wallet; from its return on, the host of the back channel presents one flaw. The code must not leave. */
export default defineModule({
  id: 'rp/network/tls',
  title: 'Le connecteur refuse un canal arrière dont la connexion n’est pas sûre',
  requirements: ['oidc-core@1.0/16.17-tls', 'psc@2026-11/tls'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: act('unsafe-channel'),
  then: refused({ leaving: ['no-session', 'no-token-call'] }),
  exclusive: 'simulator',
  catches: ['accepts-any-certificate'],
  anchors: ['RPA-39'],
  mend: "Laissez votre bibliothèque vérifier la chaîne, le nom et les dates du certificat, et TLS 1.2 au moins ; ajoutez l'autorité à son magasin plutôt que de couper la vérification.",
})
