import { accepted, defineModule, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/nominal',
  title: 'Un professionnel se connecte par son téléphone, sans quitter le produit',
  requirements: ['openid-ciba@1.0/7.1-request', 'openid-ciba@1.0/7.1-binding-message'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  when: phone('sign-in', { afterPolls: 1 }),
  then: accepted({ also: ['phone-request-complete', 'binding-shown'] }),
  exclusive: 'persona',
  catches: ['always-refuses', 'no-acr-values', 'hides-binding-message'],
  anchors: ['CIB-01', 'CIB-13'],
  mend: "Suivez l'échange enregistré ; montrez à l'écran le code envoyé dans binding_message.",
})
