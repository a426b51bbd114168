import { defineModule, observed, providers } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/endpoints',
  title: "Un fournisseur qui annonce les adresses d'un autre n'obtient rien de lui",
  requirements: ['rfc9700@2025/4.4-mixup'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  control: 'rp/two-providers/nominal',
  when: providers('second'),
  then: observed('nothing-leaked'),
  exclusive: 'simulator',
  catches: ['shared-redirect-without-iss'],
  anchors: ['RPA-10'],
  mend: "N'envoyez un code qu'au fournisseur qui l'a émis : une adresse de retour par fournisseur, et iss comparé (RFC 9207).",
})
