import { defineRule } from '#core/module.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/max-age',
  title: 'La demande borne l’ancienneté de l’authentification (max_age)',
  requirements: ['psc@2026-11/max-age-window'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'max-age'] },
  catches: ['no-max-age'],
  anchors: ['RPN-56'],
  mend: 'Envoyez max_age, en secondes, avec la durée que l’établissement a fixée.',
  judge(journal) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => !/^\d+$/.test(params['max_age'] ?? ''))
      .map(({ params, seq }) => ({
        expected: 'max_age=<secondes>',
        observed: `La demande porte max_age=${params['max_age'] ?? '(absent)'}.`,
        entries: [seq],
      }))
  },
})
