import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/pkce',
  title: 'Le client du poste protège son échange par PKCE',
  requirements: ['rfc8252@2017/8.1-pkce'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('client-pkce'),
  catches: ['no-pkce'],
  anchors: ['RPB-42'],
  mend: 'Envoyez code_challenge (S256) et code_verifier à chaque connexion.',
})
