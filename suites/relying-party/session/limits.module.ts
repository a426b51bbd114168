import { defineModule, observed, scenario } from '#core/module.ts'

/** At the declared limit, a second before and a second after, by an injected clock. */
export default defineModule({
  id: 'rp/session/limits',
  title: 'La session dure ce que le produit déclare',
  requirements: ['psc@2026-11/session-idle'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session', 'injected-clock'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'time', at: 'product', seconds: 0 },
    { step: 'sign-in' },
    { step: 'time', at: 'product', seconds: 1, limit: 'idle' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  then: observed('session-closed'),
  exclusive: 'simulator',
  catches: [],
  anchors: ['SES-04'],
  mend: 'Comparez l’heure à celle de l’ouverture et du dernier usage à chaque requête, sur le serveur.',
})
