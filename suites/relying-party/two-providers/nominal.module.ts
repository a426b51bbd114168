import { accepted, defineModule, providers } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/nominal',
  title: 'Un professionnel se connecte par le second fournisseur du produit',
  requirements: ['oidc-core@1.0/5.7-iss-sub'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  when: providers('second', { persona: 'medecin-nominal' }),
  then: accepted({ also: ['nothing-leaked'] }),
  catches: ['always-refuses', 'one-secret-for-all'],
  anchors: ['RPA-10'],
  mend: 'Liez le compte au sujet (secondSubject de professionnels.json) et employez chez chaque fournisseur le secret qu’il a donné.',
})
