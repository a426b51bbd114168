import { defineModule, login, refused } from '#core/module.ts'

/** One row a status: the body is the honest one, correctly signed. RFC 6749 §5.1 gives tokens under 200 alone. */
export default defineModule({
  id: 'rp/token/status',
  title: 'Des jetons rendus sous un statut d’erreur ne sont pas employés',
  requirements: ['rfc6749@2012/5.2-error'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  catches: ['ignores-token-status'],
  anchors: ['TKE-04'],
  mend: 'Lisez le statut HTTP avant le corps : hors de 200, rien de la réponse n’est un jeton.',
})
