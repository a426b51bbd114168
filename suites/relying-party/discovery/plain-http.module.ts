import { defineModule, logins, refused } from '#core/module.ts'

/** One row an address without TLS. The address listens, and tells who came. */
export default defineModule({
  id: 'rp/discovery/plain-http',
  title: "Le connecteur n'appelle aucune adresse sans TLS",
  requirements: ['oidc-discovery@1.0/3-https', 'psc@2026-11/no-outbound-request'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  control: 'rp/login/nominal',
  when: logins(1),
  then: refused({ leaving: ['no-session'], also: ['no-outbound-request'] }),
  exclusive: 'simulator',
  catches: ['speaks-http'],
  anchors: ['DSK-13'],
  mend: "Refusez un document de découverte dont une adresse n'est pas en https.",
})
