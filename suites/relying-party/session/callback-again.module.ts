import { defineModule, observed, scenario } from '#core/module.ts'

/** The reload button, and what it must not do. */
export default defineModule({
  id: 'rp/session/callback-again',
  title: 'Rouvrir l’adresse de retour n’échange pas le code deux fois et n’enferme personne',
  requirements: ['psc@2026-11/callback-replay'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'callback-again' }, { step: 'visit' }]),
  then: observed('code-redeemed-once'),
  catches: [],
  anchors: ['RPB-40'],
  mend: 'Oubliez la demande dès que sa réponse est arrivée, et répondez à la même adresse par une page qui se lit.',
})
