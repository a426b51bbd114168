import { act, defineModule, observed } from '#core/module.ts'

/** The access token dies right after the login; the professional then has the identity read anew. */
export default defineModule({
  id: 'rp/refresh/renewed',
  title: 'Le jeton d’accès périmé est renouvelé, et le nouveau employé',
  requirements: ['rfc6749@2012/6-refresh'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'refresh-token'] },
  control: 'rp/login/nominal',
  when: act('renew'),
  then: observed('refreshed', 'session-kept', 'no-dead-token'),
  catches: ['never-refreshes'],
  anchors: ['RPB-33'],
  mend: "Avant d'employer un jeton d'accès, regardez s'il vit encore ; périmé, renouvelez-le et employez le nouveau.",
})
