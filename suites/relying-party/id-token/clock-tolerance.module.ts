import { defineModule, logins, observed } from '#core/module.ts'
import { tokenForm } from '#simulators/openid-provider/faults.ts'

/** Measured by three tokens that expired longer and longer ago; only the last must be refused, the others tell. */
export default defineModule({
  id: 'rp/id-token/clock-tolerance',
  title: "La tolérance d'horloge du connecteur se mesure et reste de quelques minutes",
  requirements: ['rfc7519@2015/4.1.4-leeway', 'oidc-core@1.0/3.1.3.7-9'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  faults: { op: [tokenForm.expiredFor(30, 1), tokenForm.expiredFor(299, 2), tokenForm.expiredFor(900, 3)] },
  when: logins(3),
  then: observed('clock-tolerance'),
  catches: ['wide-clock-tolerance', 'ignores-exp'],
  anchors: ['RPN-19'],
  mend: "Tolérez au plus quelques minutes d'écart d'horloge, et synchronisez le serveur.",
})
