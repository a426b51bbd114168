import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/expired',
  title: 'Une demande expirée prend fin, et le professionnel peut recommencer',
  requirements: ['openid-ciba@1.0/11-stop'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  faults: {
    op: [
      {
        id: 'ciba.poll-expired_token',
        title: "Le fournisseur répond à l'appel n° 2 par « expired_token »",
        site: 'http',
        poll: 2,
        edits: [{ op: 'answer', path: '', on: 'token', status: 400, body: '{"error": "expired_token"}' }],
      },
    ],
  },
  when: phone('sign-in', { answer: 'never' }),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'], also: ['polling-stops'] }),
  exclusive: 'persona',
  catches: ['polls-after-the-end'],
  anchors: ['CIB-05'],
  mend: "Arrêtez d'appeler, dites que le délai est passé, et proposez de recommencer.",
})
