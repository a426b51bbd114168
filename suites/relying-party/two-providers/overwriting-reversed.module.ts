import { defineModule, observed, providers } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/overwriting-reversed',
  title: 'Deux connexions en cours, commencées chez le second : chacune reste chez son fournisseur',
  requirements: ['rfc9700@2025/4.4-mixup'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  control: 'rp/two-providers/nominal',
  when: providers('overwrite-reversed', { other: 'nom-compose' }),
  then: observed('nothing-leaked', 'own-identity'),
  catches: ['account-by-session-provider'],
  anchors: ['RPA-12'],
  mend: "Gardez une transaction par state, avec le fournisseur qu'elle interroge et ses adresses ; rien de cela dans la session.",
})
