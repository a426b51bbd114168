import { defineModule, observed, providers } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/overwriting',
  title: 'Deux connexions en cours, finies dans l’ordre : chacune reste chez son fournisseur',
  requirements: ['rfc9700@2025/4.4-mixup'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  control: 'rp/two-providers/nominal',
  when: providers('overwrite', { other: 'medecin-nominal' }),
  then: observed('nothing-leaked', 'own-identity'),
  catches: ['provider-in-session', 'one-metadata-for-all'],
  anchors: ['RPA-12'],
  mend: "Gardez une transaction par state, avec le fournisseur qu'elle interroge et ses adresses ; rien de cela dans la session.",
})
