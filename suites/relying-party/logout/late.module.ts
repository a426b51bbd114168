import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/logout/late',
  title: 'La déconnexion aboutit encore quand le jeton d’identité gardé a expiré',
  requirements: ['psc@2026-11/logout-local-first', 'oidc-rpinitiated@1.0/2-id-token-hint'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'rp-initiated-logout', 'injected-clock'] },
  control: 'rp/logout/nominal',
  when: scenario([
    { step: 'time', at: 'product', seconds: 0 },
    { step: 'sign-in' },
    { step: 'time', at: 'product', seconds: 1200 },
    { step: 'sign-out' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  then: observed('signed-out', 'logout-completes'),
  exclusive: 'simulator',
  catches: ['logout-refuses-old-hint'],
  anchors: ['LGO-01'],
  mend: 'Envoyez le jeton d’identité gardé tel quel : un id_token_hint peut avoir expiré.',
})
