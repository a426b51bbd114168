import { defineModule, observed, providers } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/same-subject',
  title: 'Le même sujet chez deux fournisseurs désigne deux comptes',
  requirements: ['oidc-core@1.0/5.7-iss-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  control: 'rp/two-providers/nominal',
  when: providers('both', { persona: 'medecin-nominal', other: 'nom-compose' }),
  then: observed('two-accounts'),
  catches: ['identifies-by-sub-alone'],
  anchors: ['RPA-36'],
  mend: 'Enregistrez iss avec sub, et cherchez le compte par les deux.',
})
