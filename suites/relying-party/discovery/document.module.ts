import { defineModule, login, observed } from '#core/module.ts'

/** Pro Santé Connect's document has a name of its own, and an authorization address on another host. */
export default defineModule({
  id: 'rp/discovery/document',
  title: 'Le connecteur lit le document de découverte désigné et en suit les adresses',
  requirements: ['psc@2026-11/discovery-document'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'discovery-at-login'] },
  when: login(),
  then: observed('configured-addresses'),
  exclusive: 'simulator',
  catches: ['standard-discovery', 'derives-authorization-endpoint'],
  anchors: ['DSK-01', 'DSK-04'],
  mend: "Rendez réglable l'adresse du document de découverte, et prenez-y toutes les autres.",
})
