import { defineModule, providers, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/foreign-identity',
  title: "Un compte d'un autre fournisseur ne donne pas accès au compte d'un professionnel",
  requirements: ['oidc-core@1.0/5.7-iss-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers', 'local-directory'] },
  control: 'rp/two-providers/nominal',
  when: providers('second'),
  then: refused({ leaving: ['no-session'], also: ['nothing-leaked'] }),
  catches: [],
  anchors: [],
  mend: "Désignez un compte par le couple (iss, sub), où iss est le fournisseur interrogé ; ni le nom, ni le courriel, ni l'identifiant affiché n'en tiennent lieu.",
})
