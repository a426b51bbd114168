import { defineModule, login, observed } from '#core/module.ts'

/** One row a silence. The page must come within the time that the target file allows (`timing.page`), signed in or refused. */
export default defineModule({
  id: 'rp/network/slow',
  title: 'Un fournisseur lent ou muet ne fige pas le produit',
  requirements: ['psc@2026-11/answer-time'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: login(),
  then: observed('answers-in-time', 'clean-outcome', 'code-presented-once'),
  catches: ['waits-for-ever'],
  anchors: ['TKE-05'],
  mend: 'Donnez à chaque appel du canal arrière un délai maximal qui couvre aussi la lecture du corps, inférieur à la patience du professionnel ; à son terme, dites que le service ne répond pas et proposez de recommencer.',
})
