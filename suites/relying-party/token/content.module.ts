import { defineModule, login, observed } from '#core/module.ts'

/** One row a way to write the honest answer that is not the usual one: whether it is read is left to the product, a crash is not. */
export default defineModule({
  id: 'rp/token/content',
  title: 'Un contenu inattendu du point de jeton est accepté ou refusé proprement',
  requirements: ['psc@2026-11/refusal-intelligible'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: login(),
  then: observed('clean-outcome'),
  catches: ['crashes-on-odd-content'],
  anchors: ['TKE-06'],
  mend: 'Contrôlez le type et la forme de la réponse avant de la lire, et rattrapez l’échec de lecture : le professionnel voit un refus ordinaire, pas une erreur technique.',
})
