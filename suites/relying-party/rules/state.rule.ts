import { defineRule } from '#core/module.ts'
import { authorizationRequests, repeated } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/state',
  title: 'Chaque demande porte un state neuf et imprévisible',
  requirements: ['psc@2026-11/state-required', 'oidc-core@1.0/3.1.2.1-state', 'rfc6749@2012/10.12-csrf'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['fixed-state', 'no-state'],
  anchors: ['RPB-10'],
  mend: 'Tirez pour chaque demande au moins 128 bits au hasard, et gardez-les dans la session du navigateur.',
  judge(journal) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => (params['state']?.length ?? 0) < 16)
      .map(({ params, seq }) => ({
        expected: 'Un state de 16 caractères au moins.',
        observed: params['state'] ? `Le state « ${params['state']} » est trop court.` : 'La demande ne porte pas de state.',
        entries: [seq],
      }))
  },
  judgeTogether: (journals) => repeated(journals, 'state'),
})
