import { defineModule, observed, scenario } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/front-channel/session-swap',
  title: 'La réponse d’un autre ne remplace pas le professionnel déjà connecté',
  requirements: ['rfc9700@2025/4.7-csrf', 'psc@2026-11/hand-over'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.held()] },
  when: scenario([
    { step: 'window', name: 'a', profile: 'new' },
    { step: 'start' },
    { step: 'answer' },
    { step: 'window', name: 'main' },
    { step: 'start' },
    { step: 'answer', as: 'medecin-nominal' },
    { step: 'foreign-answer', of: 'main' },
    { step: 'foreign-answer', of: 'a' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  variants: ['response-mode'],
  then: observed('last-identity'),
  catches: ['state-not-bound-to-browser'],
  anchors: ['RPA-26'],
  mend: 'Liez chaque demande à la session du navigateur qui l’a commencée.',
})
