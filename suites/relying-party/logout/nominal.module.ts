import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/logout/nominal',
  title: 'La déconnexion ferme la session du produit et celle du fournisseur',
  requirements: [
    'oidc-rpinitiated@1.0/2-logout-request',
    'oidc-rpinitiated@1.0/2-id-token-hint',
    'oidc-rpinitiated@1.0/2-local-session',
    'oidc-rpinitiated@1.0/2-post-logout-redirect-uri',
    'psc@2026-11/logout-end-session',
  ],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout'] },
  when: act('logout'),
  then: observed('signed-out', 'logout-request-complete', 'provider-session-ended'),
  catches: ['local-logout-only', 'logout-without-hint', 'logout-keeps-session'],
  anchors: ['LGO-01'],
  mend: "Fermez d'abord la session du produit, puis conduisez le navigateur à end_session_endpoint avec id_token_hint et post_logout_redirect_uri.",
})
