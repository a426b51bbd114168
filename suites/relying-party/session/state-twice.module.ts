import { defineModule, observed, scenario } from '#core/module.ts'
import { authorizationResponse } from '#simulators/openid-provider/faults.ts'

export default defineModule({
  id: 'rp/session/state-twice',
  title: 'Un state ne sert qu’une fois',
  requirements: ['psc@2026-11/callback-replay', 'rfc9700@2025/4.7-csrf'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session', 'rp-initiated-logout'] },
  control: 'rp/login/nominal',
  faults: { op: [authorizationResponse.held()] },
  when: scenario([
    { step: 'start' },
    { step: 'answer' },
    { step: 'foreign-answer', of: 'main' },
    { step: 'sign-out' },
    { step: 'start' },
    { step: 'answer' },
    { step: 'foreign-answer', of: 'main', under: 'used-state' },
  ]),
  variants: ['response-mode'],
  then: observed('state-serves-once'),
  catches: ['redeems-replayed-callback'],
  anchors: ['RPN-44'],
  mend: 'Oubliez le state dès que sa réponse est arrivée.',
})
