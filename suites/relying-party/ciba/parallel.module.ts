import { defineModule, observed, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/parallel',
  title: 'Deux postes ne sollicitent pas le même téléphone en même temps sans le dire',
  requirements: ['psc@2026-11/ciba-parallel'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('parallel', { answer: 'never' }),
  then: observed('second-request-held'),
  exclusive: 'persona',
  catches: ['floods-the-phone'],
  anchors: ['CIB-14'],
  mend: "Tant qu'une demande attend, refusez ou signalez la suivante pour le même professionnel.",
})
