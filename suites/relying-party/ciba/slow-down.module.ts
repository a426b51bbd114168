import { accepted, defineModule, phone } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/slow-down',
  title: "slow_down allonge l'intervalle de cinq secondes",
  requirements: ['openid-ciba@1.0/11-slow-down'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  faults: {
    op: [
      {
        id: 'ciba.poll-slow_down',
        title: "Le fournisseur répond à l'appel n° 1 par « slow_down »",
        site: 'http',
        poll: 1,
        edits: [{ op: 'answer', path: '', on: 'token', status: 400, body: '{"error": "slow_down"}' }],
      },
    ],
  },
  when: phone('sign-in', { afterPolls: 1 }),
  then: accepted({ also: ['interval-respected'] }),
  exclusive: 'persona',
  catches: ['ignores-slow-down'],
  anchors: ['CIB-03'],
  mend: "Ajoutez au moins cinq secondes à l'intervalle après chaque slow_down.",
})
