import { type Breach, defineRule } from '#core/module.ts'
import { authorizationRequests, repeated } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/pkce',
  title: 'Chaque demande est liée à son échange par PKCE S256',
  requirements: ['rfc9700@2025/2.1.1-pkce', 'rfc7636@2015/4.2-s256', 'rfc7636@2015/4.3-challenge'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['no-pkce', 'plain-pkce', 'fixed-verifier'],
  anchors: ['RPB-09', 'RPA-28'],
  mend: 'Envoyez code_challenge avec code_challenge_method=S256, et un code_verifier neuf de 43 à 128 caractères.',
  judge(journal) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests.flatMap<Breach>(({ params, seq }) => {
      const { code_challenge: challenge, code_challenge_method: method } = params
      if (!challenge)
        return [
          {
            requirement: 'rfc9700@2025/2.1.1-pkce' as const,
            expected: 'Un code_challenge S256.',
            observed: "La demande n'utilise pas PKCE.",
            entries: [seq],
          },
        ]
      if (method === 'S256' && challenge.length === 43) return []
      return [
        {
          requirement: 'rfc7636@2015/4.2-s256' as const,
          expected: 'code_challenge_method=S256 et 43 caractères.',
          observed: `La demande emploie la méthode « ${method ?? 'plain'} ».`,
          entries: [seq],
        },
      ]
    })
  },
  judgeTogether: (journals) => repeated(journals, 'code_challenge'),
})
