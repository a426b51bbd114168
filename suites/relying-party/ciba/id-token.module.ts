import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/id-token',
  title: "Le jeton d'identité reçu par le téléphone est contrôlé comme un autre",
  requirements: ['openid-ciba@1.0/10.1.1-token-response'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in'),
  then: refused({ leaving: ['no-session', 'no-userinfo-call'] }),
  exclusive: 'persona',
  catches: [],
  anchors: ['CIB-09'],
  mend: "Appliquez au jeton reçu par CIBA les mêmes contrôles qu'à celui du flux par code.",
})
