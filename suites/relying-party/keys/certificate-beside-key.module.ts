import { accepted, defineModule, login } from '#core/module.ts'

/** As Keycloak publishes them: nobody signed these certificates but the key itself. */
export default defineModule({
  id: 'rp/keys/certificate-beside-key',
  title: "Le certificat qui accompagne une clé publiée n'est pas un obstacle",
  requirements: ['psc@2026-11/x5c-not-needed'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  exclusive: 'simulator',
  catches: ['demands-trusted-x5c'],
  anchors: ['DSK-17'],
  mend: "N'exigez pas de chaîne de confiance de x5c : la clé vient de jwks_uri, par TLS.",
})
