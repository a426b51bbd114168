import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/system-browser',
  title: 'Le client du poste ouvre la connexion dans le navigateur du système',
  requirements: ['rfc8252@2017/6-external-browser', 'rfc8252@2017/8.12-embedded-view'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('system-browser'),
  catches: ['embedded-login'],
  anchors: ['RPB-42'],
  mend: 'Faites ouvrir l’adresse par le système (navigateur par défaut), jamais dans une vue intégrée ni par un client HTTP à vous.',
})
