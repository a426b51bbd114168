import { defineModule, login, observed } from '#core/module.ts'

/** One row a name that tries to be more than text. */
export default defineModule({
  id: 'rp/shown/hostile-name',
  title: "Un nom qui contient du code s'affiche comme du texte",
  requirements: ['psc@2026-11/names-inert'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  control: 'rp/login/nominal',
  when: login(),
  then: observed('name-inert'),
  catches: ['renders-names-as-html'],
  anchors: ['RPA-37'],
  mend: 'Échappez les noms partout où ils sortent (page, impression, journal), et ne les passez à aucun moteur de gabarits.',
})
