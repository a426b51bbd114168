import { defineModule, refused, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/session/lost-on-the-way',
  title: 'La réponse à une connexion que ce navigateur n’a plus en mémoire est refusée',
  requirements: ['rfc9700@2025/4.7-csrf'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'start' },
    { step: 'forget', whose: 'product' },
    { step: 'answer' },
    { step: 'look', moment: 'after-login' },
    { step: 'forget', whose: 'provider' },
    { step: 'visit' },
  ]),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  catches: ['state-not-bound-to-browser'],
  anchors: ['SES-15'],
  mend: 'Gardez la demande dans la session du navigateur ; sans elle, refusez la réponse et proposez de recommencer.',
})
