import { accepted, defineModule, login } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/e-cps',
  title: "La connexion aboutit aussi avec l'e-CPS",
  requirements: ['psc@2026-11/both-means'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login({ means: 'e-cps' }),
  then: accepted(),
  catches: ['always-refuses'],
  anchors: ['RPB-01'],
  mend: "Ne liez pas la connexion à un moyen : le fournisseur peut répondre à un appel venu d'une carte ou d'un téléphone.",
})
