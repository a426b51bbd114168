import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/loopback-literal',
  title: 'L’adresse de retour du client du poste est une adresse de boucle, non un nom',
  requirements: ['rfc8252@2017/8.3-loopback-literal'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('loopback-literal'),
  catches: ['names-localhost'],
  anchors: ['RPB-42'],
  mend: 'Écrivez http://127.0.0.1:<port>/… : « localhost » peut être résolu autrement, ou arrêté par un pare-feu.',
})
