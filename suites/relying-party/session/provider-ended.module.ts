import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/session/provider-ended',
  title: 'Quand la session du fournisseur a pris fin, la connexion suivante redemande le moyen et aboutit',
  requirements: ['psc@2026-11/provider-session-end'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'injected-clock'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'time', at: 'product', seconds: 0 },
    { step: 'sign-in' },
    { step: 'time', at: 'provider', seconds: 1801 },
    { step: 'time', at: 'product', seconds: 1, limit: 'idle' },
    { step: 'sign-in' },
  ]),
  then: observed('means-asked-again'),
  exclusive: 'simulator',
  catches: [],
  anchors: ['SES-06'],
  mend: 'Ne supposez pas que la session du fournisseur vit encore : une demande silencieuse (prompt=none) doit avoir une autre issue.',
})
