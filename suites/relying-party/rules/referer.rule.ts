import { of } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/referer',
  title: 'Le code ne fuit pas par l’en-tête Referer',
  requirements: ['rfc9700@2025/4.2-referrer', 'rfc6749@2012/10.5-code-confidential'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['leaks-referrer'],
  anchors: ['RPA-31'],
  mend: 'Répondez au retour par une redirection, avec Referrer-Policy: no-referrer.',
  judge(journal) {
    const moves = of(journal, 'navigation')
    if (moves.length === 0) return null
    const requests = [
      ...moves.map(({ seq, referer }) => ({ seq, referer })),
      ...of(journal, 'exchange').map(({ seq, requestHeaders }) => ({ seq, referer: requestHeaders['referer'] })),
    ]
    return requests
      .filter(({ referer }) => /[?&]code=/.test(referer ?? ''))
      .map(({ seq }) => ({
        expected: 'Aucun Referer ne porte code.',
        observed: 'Une requête envoie à un autre serveur l’adresse de retour, code compris.',
        entries: [seq],
      }))
  },
})
