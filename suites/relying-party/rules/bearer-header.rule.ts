import { exchangesAt } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/bearer-header',
  title: 'Le jeton d’accès voyage dans l’en-tête Authorization, jamais dans une adresse',
  requirements: ['oidc-core@1.0/5.3.1-bearer', 'rfc6749@2012/10.3-access-token'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  catches: ['token-in-query'],
  anchors: ['RPB-22'],
  mend: 'Appelez UserInfo avec l’en-tête Authorization: Bearer.',
  judge(journal) {
    const calls = exchangesAt(journal, 'userinfo')
    if (calls.length === 0) return null
    return calls
      .filter(({ params, requestHeaders }) => params['access_token'] || !requestHeaders['authorization']?.startsWith('Bearer'))
      .map(({ seq }) => ({ expected: 'Authorization: Bearer …', observed: 'UserInfo est appelé sans l’en-tête Authorization.', entries: [seq] }))
  },
})
