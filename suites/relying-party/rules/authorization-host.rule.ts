import { exchangesAt } from '#core/journal.ts'
import { defineRule } from '#core/module.ts'

export default defineRule({
  id: 'rp/rules/authorization-host',
  title: 'La demande va à la page de connexion annoncée, sur son propre nom d’hôte',
  requirements: ['psc@2026-11/authorization-host'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['derives-authorization-endpoint', 'standard-discovery'],
  anchors: ['DSK-04'],
  mend: 'Prenez authorization_endpoint dans le document wallet-openid-configuration, au lieu de le déduire de l’émetteur.',
  judge(journal, { walletOrigin }) {
    const requests = exchangesAt(journal, 'authorization').filter(({ params }) => params['response_type'] || params['client_id'])
    if (requests.length === 0) return null
    return requests
      .filter(({ url }) => !url.startsWith(walletOrigin))
      .map(({ url, seq }) => ({ expected: `Une demande adressée à ${walletOrigin}.`, observed: `La demande est adressée à ${url}.`, entries: [seq] }))
  },
})
