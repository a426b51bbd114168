import { exchangesAt } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/code-once',
  title: 'Un code n’est échangé qu’une fois',
  requirements: ['rfc6749@2012/4.1.2-code-once', 'oidc-core@1.0/3.1.2.7-validation'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['redeems-code-twice'],
  anchors: ['TKE-07'],
  mend: 'N’échangez un code qu’une fois, sans nouvel essai en cas d’erreur ni au rechargement de la page.',
  judge(journal) {
    const calls = exchangesAt(journal, 'token').filter(({ params }) => params['code'])
    if (calls.length === 0) return null
    const seen = new Set<string>()
    return calls.flatMap(({ params, seq }) => {
      const code = params['code'] ?? ''
      const first = !seen.has(code)
      seen.add(code)
      if (first) return []
      return [{ expected: 'Un seul échange par code.', observed: 'Le même code a été présenté deux fois au point de jeton.', entries: [seq] }]
    })
  },
})
