import { exchangesAt } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/pkce-verifier',
  title: 'Chaque échange de code porte le code_verifier de sa demande',
  requirements: ['rfc7636@2015/4.1-verifier', 'rfc7636@2015/4.5-verifier-sent'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['drops-verifier'],
  anchors: ['RPB-09'],
  mend: 'Envoyez au point de jeton le code_verifier de la demande, de 43 à 128 caractères.',
  judge(journal) {
    const pkce = authorizationRequests(journal).some(({ params }) => params['code_challenge'])
    const calls = exchangesAt(journal, 'token').filter(({ params }) => params['grant_type'] === 'authorization_code')
    if (!pkce || calls.length === 0) return null
    return calls.flatMap(({ params, seq }) => {
      const length = Number(/\((\d+) caractères\)/.exec(params['code_verifier'] ?? '')?.[1] ?? 0)
      if (length >= 43 && length <= 128) return []
      return [
        {
          expected: 'Un code_verifier de 43 à 128 caractères.',
          observed: length === 0 ? "L'échange ne porte pas de code_verifier." : `Le code_verifier compte ${length} caractères.`,
          entries: [seq],
        },
      ]
    })
  },
})
