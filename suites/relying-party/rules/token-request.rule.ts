import { exchangesAt } from '#core/journal.ts'
import { type Breach, defineRule } from '#core/module.ts'
import { sameAddress } from '#core/redirect.ts'

export default defineRule({
  id: 'rp/rules/token-request',
  title: 'L’échange du code reprend la demande et s’authentifie d’une seule manière',
  requirements: [
    'oidc-core@1.0/3.1.3.1-token-request',
    'oidc-core@1.0/9-client-authentication',
    'rfc6749@2012/4.1.3-token-request',
    'rfc6749@2012/2.3-one-method',
  ],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['two-client-authentications', 'swaps-client-auth'],
  anchors: ['TKE-01'],
  mend: 'Envoyez grant_type, code et la même redirect_uri, avec la méthode d’authentification enregistrée et elle seule.',
  judge(journal, { redirectUri, clientAuth }) {
    const calls = exchangesAt(journal, 'token').filter(({ params }) => params['grant_type'] === 'authorization_code')
    if (calls.length === 0) return null
    return calls.flatMap<Breach>(({ params, requestHeaders, clientAuth: used, seq }) => {
      const methods = [
        requestHeaders['authorization'] && 'client_secret_basic',
        params['client_secret'] && 'client_secret_post',
        params['client_assertion'] && 'private_key_jwt',
      ].filter(Boolean)
      if (methods.length > 1)
        return [
          {
            requirement: 'rfc6749@2012/2.3-one-method' as const,
            expected: 'Une seule méthode d’authentification.',
            observed: `L'échange s'authentifie de ${methods.length} manières (${methods.join(', ')}).`,
            entries: [seq],
          },
        ]
      if (used !== clientAuth)
        return [
          {
            requirement: 'oidc-core@1.0/9-client-authentication' as const,
            expected: clientAuth,
            observed: `L'échange s'authentifie par ${used ?? 'aucune méthode'}.`,
            entries: [seq],
          },
        ]
      if (!sameAddress(params['redirect_uri'], redirectUri))
        return [
          {
            requirement: 'rfc6749@2012/4.1.3-token-request' as const,
            expected: `redirect_uri=${redirectUri}`,
            observed: `L'échange porte redirect_uri=${params['redirect_uri'] ?? '(absente)'}.`,
            entries: [seq],
          },
        ]
      return []
    })
  },
})
