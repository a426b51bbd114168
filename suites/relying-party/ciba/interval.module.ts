import { accepted, defineModule, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/interval',
  title: "L'intervalle déclaré par le fournisseur est respecté",
  requirements: ['openid-ciba@1.0/7.3-interval'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in', { afterPolls: 2, interval: 2 }),
  then: accepted({ also: ['interval-respected'] }),
  exclusive: 'persona',
  catches: ['polls-without-pause'],
  anchors: ['CIB-02'],
  mend: "Ne rappelez qu'après les secondes de interval, comptées depuis l'appel précédent.",
})
