import { defineModule, logins, refused } from '#core/module.ts'
import { discovery } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/discovery/redirected',
  title: 'Le connecteur ne suit pas un document de découverte redirigé vers un autre hôte',
  requirements: ['psc@2026-11/no-outbound-request'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  control: 'rp/login/nominal',
  faults: { op: [discovery.redirected()] },
  when: logins(1),
  then: refused({ leaving: ['no-session'], also: ['no-outbound-request'] }),
  exclusive: 'simulator',
  catches: ['follows-redirects'],
  anchors: ['DSK-13'],
  mend: "Ne suivez pas les redirections du document de découverte, ou seulement chez l'émetteur.",
})
