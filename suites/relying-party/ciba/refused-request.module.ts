import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/refused-request',
  title: 'Une demande refusée par le fournisseur est dite au professionnel',
  requirements: ['openid-ciba@1.0/13-error'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in'),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  exclusive: 'persona',
  catches: ['silent-refusal'],
  anchors: ['CIB-08'],
  mend: "Dites au professionnel pourquoi la demande n'est pas partie, et que faire.",
})
