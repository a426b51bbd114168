import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/thick-client/loopback-only',
  title: 'Le client du poste n’écoute le retour que sur la boucle locale',
  requirements: ['rfc8252@2017/8.3-loopback-interface'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'thick-client'] },
  when: act('workstation'),
  then: observed('loopback-only'),
  catches: ['listens-everywhere'],
  anchors: ['RPB-42'],
  mend: 'Liez l’écoute à 127.0.0.1 (ou ::1) au lieu de toutes les interfaces.',
})
