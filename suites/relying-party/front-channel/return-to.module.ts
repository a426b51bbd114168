import { defineModule, observed, scenario } from '#core/module.ts'

/** What the login may be told to come back to. */
export default defineModule({
  id: 'rp/front-channel/return-to',
  title: 'La page à retrouver après la connexion est une page du produit',
  requirements: ['rfc9700@2025/4.11.1-open-redirect'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'return-to'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'start-towards', page: '{page}' }, { step: 'answer' }, { step: 'look', moment: 'after-login' }]),
  then: observed('stays-home'),
  catches: [],
  anchors: ['RPA-30'],
  mend: 'N’acceptez qu’un chemin de votre site, après l’avoir lu comme un navigateur le lit.',
})
