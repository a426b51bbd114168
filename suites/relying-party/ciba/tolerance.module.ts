import { accepted, defineModule, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/tolerance',
  title: 'Une réponse permise, mais inhabituelle, est acceptée',
  requirements: ['openid-ciba@1.0/10.1.1-token-response'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in'),
  then: accepted(),
  exclusive: 'persona',
  catches: [],
  anchors: ['CIB-10'],
  mend: "N'exigez que ce que la norme exige.",
})
