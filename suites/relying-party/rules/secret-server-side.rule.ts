import { of } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/secret-server-side',
  title: 'Ni le secret du client ni un jeton d’accès ne passent par le navigateur',
  requirements: ['psc@2026-11/secret-server-side', 'rfc6749@2012/10.3-access-token'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['secret-in-front-channel', 'token-in-address'],
  anchors: ['RPA-42'],
  mend: 'Gardez le secret et les jetons côté serveur ; la demande d’autorisation ne porte que client_id.',
  judge(journal) {
    const texts = [
      ...of(journal, 'exchange')
        .filter(({ channel }) => channel === 'browser')
        .map(({ seq, url, params }) => ({ seq, text: `${url} ${JSON.stringify(params)}` })),
      ...of(journal, 'navigation').map(({ seq, url, referer = '' }) => ({ seq, text: `${url} ${referer}` })),
      ...of(journal, 'observation').map(({ seq, url, text }) => ({ seq, text: `${url} ${text}` })),
    ]
    if (texts.length === 0) return null
    return texts
      .filter(({ text }) => text.includes('‹secret du client›') || /[?&#]access_token=/.test(text))
      .map(({ seq }) => ({
        expected: 'Aucun secret dans le navigateur.',
        observed: 'Le secret du client ou un jeton d’accès apparaît dans une adresse ou une page du navigateur.',
        entries: [seq],
      }))
  },
})
