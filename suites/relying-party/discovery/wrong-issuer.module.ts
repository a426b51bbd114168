import { defineModule, logins, refused } from '#core/module.ts'
import { discovery } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/discovery/wrong-issuer',
  title: "Le connecteur refuse un document de découverte d'un autre émetteur",
  requirements: ['oidc-discovery@1.0/4.3-issuer'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  control: 'rp/login/nominal',
  faults: { op: [discovery.wrongIssuer()] },
  when: logins(1),
  then: refused({ leaving: ['no-session', 'no-token-call'] }),
  exclusive: 'simulator',
  catches: ['ignores-discovery-issuer'],
  anchors: ['DSK-03'],
  mend: "Comparez issuer du document à l'émetteur convenu, au caractère près, et n'allez pas plus loin s'ils diffèrent.",
})
