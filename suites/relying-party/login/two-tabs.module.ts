import { act, defineModule, observed } from '#core/module.ts'

export default defineModule({
  id: 'rp/login/two-tabs',
  title: 'Deux connexions dans deux onglets ne se mélangent pas',
  requirements: ['psc@2026-11/one-identity'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  when: act('two-tabs'),
  then: observed('one-identity'),
  catches: ['mixes-tabs'],
  anchors: ['RPB-39'],
  mend: "Gardez un enregistrement par demande, retrouvé par son state, au lieu d'une seule case par session.",
})
