import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/denied',
  title: 'Un refus sur le téléphone met fin à la demande',
  requirements: ['openid-ciba@1.0/11-stop'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in', { answer: 'deny', afterPolls: 2 }),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'], also: ['polling-stops'] }),
  exclusive: 'persona',
  catches: ['polls-after-the-end'],
  anchors: ['CIB-04'],
  mend: "Arrêtez d'appeler à la première réponse définitive, et dites au professionnel que la connexion a été refusée.",
})
