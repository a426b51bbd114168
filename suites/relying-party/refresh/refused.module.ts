import { act, defineModule, observed } from '#core/module.ts'

/** One row a reason; the login before it was honest. */
export default defineModule({
  id: 'rp/refresh/refused',
  title: 'Un renouvellement refusé ou suspect met fin à la session',
  requirements: ['oidc-core@1.0/12.2-refreshed-token'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo', 'refresh-token'] },
  control: 'rp/login/nominal',
  when: act('renew'),
  then: observed('session-closed'),
  catches: ['ignores-refreshed-iss'],
  anchors: ['RPN-49'],
  mend: "Contrôlez le jeton d'identité renouvelé comme le premier, comparez iss et sub à ceux de la connexion, et fermez la session au moindre écart ou refus.",
})
