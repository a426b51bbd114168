import { act, defineModule, observed } from '#core/module.ts'

/** The access token says that it lives a second, and is dead at the provider right after the login; the pages are visited for longer than that. */
export default defineModule({
  id: 'rp/refresh/short-life',
  title: 'Un jeton d’accès très court ne déconnecte pas le professionnel au travail',
  requirements: ['psc@2026-11/token-lifetime'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: act('work'),
  then: observed('session-kept', 'no-dead-token'),
  catches: ['session-follows-access-token'],
  anchors: ['TKE-12'],
  mend: "Ne liez pas la durée de la session à celle du jeton d'accès ; n'appelez le fournisseur que pour relire l'identité.",
})
