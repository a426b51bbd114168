import { defineRule } from '#core/module.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/scope',
  title: 'La demande porte les scopes openid et scope_all',
  requirements: ['oidc-core@1.0/3.1.2.1-scope', 'psc@2026-11/scope'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['wrong-scope'],
  anchors: ['RPB-38'],
  mend: 'Demandez scope=openid scope_all, et rien que le fournisseur ne connaisse pas.',
  judge(journal, { scope }) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    const wanted = scope.split(' ')
    return requests
      .filter(({ params }) => !wanted.every((name) => (params['scope'] ?? '').split(' ').includes(name)))
      .map(({ params, seq }) => ({
        expected: `scope=${scope}`,
        observed: `La demande porte scope=${params['scope'] ?? '(absent)'}.`,
        entries: [seq],
      }))
  },
})
