import { defineRule } from '#core/module.ts'
import { sameAddress } from '#core/redirect.ts'
import { authorizationRequests } from '../requests.ts'

export default defineRule({
  id: 'rp/rules/redirect-uri',
  title: 'L’adresse de retour est exactement celle qui est enregistrée',
  requirements: ['oidc-core@1.0/3.1.2.1-redirect-uri', 'rfc6749@2012/3.1.2-redirect-exact', 'rfc9700@2025/2.1-exact-redirect'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  catches: ['extends-redirect-uri'],
  anchors: ['TKE-01'],
  mend: 'Envoyez l’adresse de retour enregistrée, au caractère près, sans paramètre ajouté.',
  judge(journal, { redirectUri, clientId, secondRedirectUri }) {
    // A client registered with another provider has its own address; a hostile document may send its request here.
    const requests = authorizationRequests(journal).filter(
      ({ params }) => params['client_id'] === clientId && (!secondRedirectUri || params['redirect_uri'] !== secondRedirectUri),
    )
    if (requests.length === 0) return null
    return requests
      .filter(({ params }) => !sameAddress(params['redirect_uri'], redirectUri))
      .map(({ params, seq }) => ({
        expected: redirectUri,
        observed: `L'adresse de retour envoyée est « ${params['redirect_uri'] ?? '(absente)'} ».`,
        entries: [seq],
      }))
  },
})
