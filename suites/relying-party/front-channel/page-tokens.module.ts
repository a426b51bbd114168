import { defineModule, observed, scenario } from '#core/module.ts'

/** For a client that runs in the page: it has tokens, but nobody reads them where a script or a person can look. */
export default defineModule({
  id: 'rp/front-channel/page-tokens',
  title: 'Les jetons que tient la page ne se lisent ni dans le stockage du navigateur ni dans son contenu',
  requirements: ['psc@2026-11/page-tokens-unreadable'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'browser-client'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'scan' }]),
  then: observed('no-secret-exposed'),
  rendering: 'le stockage du navigateur n’existe que dans un vrai navigateur',
  catches: ['tokens-in-local-storage', 'tokens-in-session-storage', 'token-in-page'],
  anchors: ['RPA-42'],
  mend: 'Gardez les jetons en mémoire, ou chiffrés par une clé que les scripts ne peuvent pas sortir ; jamais en clair dans localStorage ou sessionStorage.',
})
