import { defineModule, login, refused } from '#core/module.ts'

/** The product asked for a maximal age (max_age): OpenID Connect Core 1.0 §3.1.3.7-13. */
export default defineModule({
  id: 'rp/level/auth-time',
  title: 'Une date d’authentification absente, trop ancienne ou illisible fait refuser la connexion',
  requirements: ['oidc-core@1.0/3.1.3.7-13', 'psc@2026-11/max-age-window'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'max-age'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['ignores-auth-time'],
  anchors: ['RPN-57'],
  mend: 'Quand vous envoyez max_age, exigez auth_time, nombre de secondes, ni à venir ni plus ancien que max_age ; sinon refusez ou redemandez une authentification.',
})
