import { accepted, defineModule, login } from '#core/module.ts'

/** One row a professional: each shape of identity that Pro Santé Connect may hand over. */
export default defineModule({
  id: 'rp/login/personas',
  title: 'Chaque forme d’identité est acceptée et montrée telle quelle',
  requirements: ['psc@2026-11/names-not-truncated'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'userinfo'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted({ also: ['full-name-shown'] }),
  catches: [],
  anchors: ['RPB-21'],
  mend: 'Traitez les noms comme de l’UTF-8 de longueur libre, et l’identifiant national comme une chaîne.',
})
