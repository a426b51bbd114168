import { defineRule } from '#core/module.ts'
import { authorizationRequests, repeated } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/nonce',
  title: 'Chaque demande porte un nonce neuf et imprévisible',
  requirements: ['psc@2026-11/nonce-required', 'oidc-core@1.0/3.1.2.1-nonce'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['fixed-nonce', 'no-nonce'],
  anchors: ['RPB-10', 'RPB-11'],
  mend: 'Tirez pour chaque demande au moins 128 bits au hasard, et comparez-les au jeton reçu.',
  judge(journal) {
    const requests = authorizationRequests(journal)
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => (params['nonce']?.length ?? 0) < 16)
      .map(({ params, seq }) => ({
        expected: 'Un nonce de 16 caractères au moins.',
        observed: params['nonce'] ? `Le nonce « ${params['nonce']} » est trop court.` : 'La demande ne porte pas de nonce.',
        entries: [seq],
      }))
  },
  judgeTogether: (journals) => repeated(journals, 'nonce'),
})
