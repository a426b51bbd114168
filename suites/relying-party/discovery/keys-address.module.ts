import { accepted, defineModule, login } from '#core/module.ts'
import { discovery, keys } from '#simulators/openid-provider/faults.ts'

/** The new key is only published where this document says. */
export default defineModule({
  id: 'rp/discovery/keys-address',
  title: "Les clés sont lues à l'adresse que le document de découverte annonce",
  requirements: ['oidc-discovery@1.0/3-jwks-uri'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  control: 'rp/login/nominal',
  faults: { op: [discovery.keysMoved(), keys.signsWithNext()] },
  when: login(),
  then: accepted(),
  exclusive: 'simulator',
  catches: ['hardcodes-keys-address'],
  anchors: ['DSK-02'],
  mend: "Lisez jwks_uri dans le document de découverte ; ne l'écrivez pas dans le code ni la configuration.",
})
