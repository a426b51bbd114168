import { defineRule } from '#core/module.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/code-flow',
  title: 'La connexion suit le flux par code, dans un navigateur',
  requirements: [
    'hospiconnect@alpha/2.1-cible2-acf',
    'hospiconnect@alpha/2.1-cible2-navigateur',
    'oidc-core@1.0/3.1.2.1-response-type',
    'rfc6749@2012/4.1.1-request',
  ],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['implicit-flow'],
  anchors: ['RPB-01'],
  mend: 'Demandez response_type=code, et rien d’autre.',
  judge(journal) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => params['response_type'] !== 'code')
      .map(({ params, seq }) => ({
        expected: 'response_type=code',
        observed: `La demande porte response_type=${params['response_type'] ?? '(absent)'}.`,
        entries: [seq],
      }))
  },
})
