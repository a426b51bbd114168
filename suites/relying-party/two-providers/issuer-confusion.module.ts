import { defineModule, providers, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/issuer-confusion',
  title: "Un fournisseur qui se dit être l'autre est refusé",
  requirements: ['oidc-discovery@1.0/4.3-issuer', 'oidc-core@1.0/3.1.3.7-2'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers', 'local-directory'] },
  control: 'rp/two-providers/nominal',
  when: providers('second'),
  then: refused({ leaving: ['no-session'], also: ['nothing-leaked'] }),
  exclusive: 'simulator',
  catches: ['believes-discovery-issuer'],
  anchors: ['RPA-09'],
  mend: "Comparez l'émetteur du document de découverte, au caractère près, à celui qui est configuré.",
})
