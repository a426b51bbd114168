import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/free-port',
  title: 'Le client du poste prend un port libre à chaque connexion',
  requirements: ['rfc8252@2017/7.3-loopback'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('port-not-fixed'),
  catches: ['fixed-port'],
  anchors: ['RPB-42'],
  mend: 'Écoutez sur le port 0 (un port libre), et mettez ce port dans l’adresse de retour.',
})
