import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/listener-closed',
  title: 'Le client du poste cesse d’écouter dès que le retour est reçu',
  requirements: ['rfc8252@2017/8.3-close-port'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('listener-closed'),
  catches: ['keeps-listening'],
  anchors: ['RPB-42'],
  mend: 'Ouvrez le port au moment de la demande, et fermez-le dès que la réponse est partie.',
})
