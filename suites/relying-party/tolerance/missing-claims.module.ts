import { accepted, defineModule, login } from '#core/module.ts'

/** One row a claim of UserInfo that is not there at all. */
export default defineModule({
  id: 'rp/tolerance/missing-claims',
  title: 'Une donnée facultative absente n’empêche pas la connexion',
  requirements: ['psc@2026-11/optional-claims'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['requires-every-claim'],
  anchors: ['RPB-20'],
  mend: "N'exigez de UserInfo que le sujet et l'identifiant national ; le reste s'affiche s'il est là.",
})
