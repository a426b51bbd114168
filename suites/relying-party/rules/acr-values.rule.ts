import { defineRule } from '#core/module.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/acr-values',
  title: 'La demande nomme le niveau voulu (acr_values)',
  requirements: ['oidc-core@1.0/3.1.2.1-acr-values', 'psc@2026-11/acr-values'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['no-acr-values'],
  anchors: ['RPB-38'],
  mend: 'Envoyez acr_values=eidas1.',
  judge(journal, { acrValues }) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => !acrValues.split(' ').every((level) => (params['acr_values'] ?? '').split(' ').includes(level)))
      .map(({ params, seq }) => ({
        expected: `acr_values=${acrValues}`,
        observed: `La demande porte acr_values=${params['acr_values'] ?? '(absent)'}.`,
        entries: [seq],
      }))
  },
})
