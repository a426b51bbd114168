import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/shared-workstation/fast-switches',
  title: 'Des changements rapides d’utilisateur ne croisent jamais les identités',
  requirements: ['psc@2026-11/hand-over', 'psc@2026-11/one-identity'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session', 'rp-initiated-logout'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'switch-users', times: 20, between: ['canari', 'medecin-nominal', 'accents'] }]),
  then: observed('never-crossed'),
  catches: [],
  anchors: ['SES-12'],
  mend: 'Ne gardez rien d’une connexion hors de sa propre session : ni variable commune, ni cache d’identité sans clé.',
})
