import { defineModule, observed, scenario } from '#core/module.ts'

export default defineModule({
  id: 'rp/front-channel/framing',
  title: 'Les pages du produit ne peuvent pas être mises dans le cadre d’un autre site',
  requirements: ['psc@2026-11/framing'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'cookie-session'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'visit' }]),
  then: observed('not-frameable'),
  catches: [],
  anchors: ['RPA-34'],
  mend: "Envoyez « Content-Security-Policy: frame-ancestors 'none' » avec chaque page.",
})
