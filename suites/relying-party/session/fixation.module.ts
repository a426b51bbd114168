import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/session/fixation',
  title: 'Les cookies d’avant la connexion ne valent rien après elle',
  requirements: ['psc@2026-11/session-id-renewed'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([
    { step: 'start' },
    { step: 'cookies', what: 'keep' },
    { step: 'answer' },
    { step: 'look', moment: 'after-login' },
    { step: 'window', name: 'b', profile: 'new' },
    { step: 'cookies', what: 'restore' },
    { step: 'visit' },
  ]),
  then: observed('fixation-harmless'),
  catches: ['keeps-session-id'],
  anchors: ['SES-16', 'RPA-40'],
  mend: 'Donnez un nouvel identifiant à la session au moment où quelqu’un se connecte.',
})
