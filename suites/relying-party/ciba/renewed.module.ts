import { defineModule, observed, phone } from '#core/module.ts'
import { tokenResponse } from '#simulators/openid-provider/faults.ts'

/** The access token dies right after the sign-in; the professional then has the identity read anew. */
export default defineModule({
  id: 'rp/ciba/renewed',
  title: 'Après une connexion par téléphone, le jeton d’accès périmé est renouvelé',
  requirements: ['rfc6749@2012/6-refresh'],
  appliesTo: { role: 'relying-party', needs: ['ciba', 'userinfo', 'refresh-token'] },
  control: 'rp/ciba/nominal',
  faults: { op: [tokenResponse.shortLifeByPhone()] },
  when: phone('renewed'),
  then: observed('refreshed', 'session-kept', 'no-dead-token'),
  exclusive: 'persona',
  catches: ['never-refreshes'],
  anchors: ['CIB-12'],
  mend: "Gardez le jeton de rafraîchissement reçu par ce flux comme celui d'une connexion par redirection, et employez-le.",
})
