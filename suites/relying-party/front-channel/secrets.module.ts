import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/front-channel/secrets',
  title: 'Aucun secret ne se lit dans le navigateur',
  requirements: ['psc@2026-11/no-secret-in-browser'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session', 'client-secret'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'visit' }, { step: 'scan' }]),
  then: observed('no-secret-exposed'),
  rendering: 'le stockage du navigateur n’existe que dans un vrai navigateur',
  catches: ['shows-token-in-page', 'token-in-address'],
  anchors: ['RPA-42'],
  mend: 'Gardez codes et jetons sur le serveur ; la page et ses adresses n’en ont pas besoin.',
})
