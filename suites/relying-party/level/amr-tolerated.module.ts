import { accepted, defineModule, login } from '#core/module.ts'

/** Pro Santé Connect puts no amr into its public samples: absence is the honest case. */
export default defineModule({
  id: 'rp/level/amr-tolerated',
  title: 'Des facteurs absents, ou dits autrement mais suffisants, sont acceptés',
  requirements: ['psc@2026-11/amr-consistent'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  catches: ['amr-exact'],
  anchors: ['UIN-09'],
  mend: "N'exigez pas amr : le fournisseur ne le transmet que s'il le veut ; lu, cherchez-y un moyen suffisant parmi d'autres.",
})
